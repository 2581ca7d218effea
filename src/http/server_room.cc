// SPDX-License-Identifier: MPL-2.0
// Of a ServerCore: who gets in where all its connections are taken.
#include <fmt/format.h>

#include "http/server_core.h"

namespace slipway::http {

/// One connection ends for a new one: of strangers, if there are any, or else of those that nobody uses.
/// `at`: where the room is wanted.
bool ServerCore::make_room(std::optional<Ipv4> at) {
  say_that_it_is_full();
  if (!options_.strangers_make_room) return false;
  struct Crowd {
    std::size_t count = 0;
    Connection* oldest = nullptr;
  };
  for (bool strangers : {true, false}) {
    std::unordered_map<Ipv4, Crowd> crowds;
    const Crowd* largest = nullptr;
    for (const auto& connection : connections_) {
      if (at && connection->address() != *at) continue;
      if (strangers ? connection->trusted() : !connection->idle()) continue;
      Crowd& crowd = crowds[connection->address()];
      ++crowd.count;
      if (!crowd.oldest || connection->began() < crowd.oldest->began()) crowd.oldest = connection.get();
    }
    for (const auto& [address, crowd] : crowds) {
      if (!largest || crowd.count > largest->count) largest = &crowd;
    }
    if (!largest) continue;
    count_refusal("made_room");
    largest->oldest->close(Outcome::stopped);
    return true;
  }
  return false;
}

/// Once in a while: whoever fills our connections is not to fill the log, too.
void ServerCore::say_that_it_is_full() {
  constexpr std::chrono::seconds pause{10};
  ++unsaid_;
  Tick now = reactor_.now().tick;
  if (!options_.on_fault || (full_said_ != Tick{} && now - full_said_ < pause)) return;
  const Limits& limits = options_.limits;
  options_.on_fault(fmt::format(
      "{}: no room for {} new connections: {} of {} are open, and at most {} from one address; {}",
      options_.name, unsaid_, connections_.size(), limits.connections, limits.connections_per_address,
      options_.strangers_make_room ? "those that showed no token make room" : "they are turned away"));
  full_said_ = now;
  unsaid_ = 0;
}

}  // namespace slipway::http
