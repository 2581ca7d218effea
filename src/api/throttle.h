// SPDX-License-Identifier: MPL-2.0
// Who shows wrong tokens waits before another is looked at, longer each time. Bounded: where too many
// addresses do so, the one that waits least is forgotten. Pure; thread: control.
#pragma once

#include <chrono>
#include <map>

#include "base/address.h"
#include "base/time.h"

namespace slipway::api {

class Throttle {
 public:
  static constexpr int free_tries = 5;
  static constexpr std::chrono::seconds longest{60};
  static constexpr std::size_t most_addresses = 1024;

  /// How long this address has to wait; zero: not at all.
  std::chrono::seconds pause(Ipv4 from, Instant now) const;
  void failed(Ipv4 from, Instant now);
  void succeeded(Ipv4 from) { known_.erase(from); }

 private:
  struct Record {
    int failures = 0;
    Instant until{};  ///< nothing is looked at before
    Instant last{};
  };
  std::map<Ipv4, Record> known_;
};

}  // namespace slipway::api
