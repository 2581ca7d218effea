// SPDX-License-Identifier: MPL-2.0
// The endpoints about events, and everyone who follows them. Thread: control.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/event_feed.h"
#include "api/machines.h"
#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class EventDesk {
 public:
  explicit EventDesk(const World& world);

  http::Response list(const http::Request& request, const http::Captures&);

  void publish(const timeline::Event& event);
  void keep_alive() { feed_.keep_alive(); }
  std::size_t followers() const { return feed_.size(); }

 private:
  struct Asked {
    std::uint64_t since = 0;
    std::optional<FoundMachine> whose;  ///< absent: everybody's
    std::string kind;                   ///< empty: of every kind
    bool is_of_kind(const timeline::Event& event) const {
      return kind.empty() || to_string(event.kind) == kind;
    }
  };

  http::Response follow(const http::Request& request, Asked asked);
  std::vector<timeline::Event> past(const Asked& asked, std::uint64_t most) const;
  bool is_forgotten(std::uint64_t since) const;
  EventFeed::Wants wanted(Asked asked) const;

  const World& world_;
  EventFeed feed_;
};

}  // namespace slipway::api
