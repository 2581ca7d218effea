// SPDX-License-Identifier: MPL-2.0
// Scripts as they were rendered last: as long as the plan and what is known of the client are the same, so is
// the script. A rack that comes up at once asks for each of its scripts several times. Bounded; one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "boot/decide.h"
#include "boot/ipxe_script.h"
#include "timeline/event.h"

namespace slipway::server {

class ScriptCache {
 public:
  using Renderer = std::string (*)(const boot::Decision&, const boot::ScriptContext&);
  struct Asked {
    const model::Client& client;
    boot::Base base;
    Renderer render;
  };
  struct Script {
    model::Client client;
    std::shared_ptr<const std::string> text;
    timeline::Event event;  ///< what the timeline notes of it
  };

  /// Null when it is not known, or was of what the client has been before.
  const Script* find(const Asked& asked) const;
  void keep(const Asked& asked, Script script);
  /// There is a new plan.
  void clear() { scripts_.clear(); }

 private:
  using Key = std::tuple<MacAddress, Renderer, Ipv4, bool>;
  static Key key_of(const Asked& asked) {
    return {asked.client.mac, asked.render, asked.base.address, asked.base.secure};
  }
  std::map<Key, Script> scripts_;
};

}  // namespace slipway::server
