// SPDX-License-Identifier: MPL-2.0
// Packets that came before it was clear whether addresses may be given out on their link: the newest of
// each client, so many and no more. They leave together when it is. Thread: control.
#pragma once

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "dhcp/intake.h"
#include "dhcp/verdict.h"

namespace slipway::dhcp {

struct Waiter {
  Packet packet;
  Trace trace;
  Tick heard;
};

class WaitingRoom {
 public:
  static constexpr std::size_t seats = 10'000;

  /// Who must be dropped for it: an older one of the same client as `superseded`, or the newcomer itself,
  /// as `looking_for_servers`.
  struct Displaced {
    Drop why;
    Waiter waiter;
  };
  std::optional<Displaced> admit(Waiter waiter) {
    MacAddress client = waiter.packet.message.mac().value_or(MacAddress{});
    auto seat = waiting_.find(client);
    if (seat != waiting_.end())
      return Displaced{Drop::superseded, std::exchange(seat->second, std::move(waiter))};
    if (waiting_.size() >= seats) return Displaced{Drop::looking_for_servers, std::move(waiter)};
    waiting_.emplace(client, std::move(waiter));
    return std::nullopt;
  }

  /// Everyone, in the order they came.
  std::vector<Waiter> leave() {
    std::vector<Waiter> all;
    for (auto& [client, waiter] : waiting_) all.push_back(std::move(waiter));
    waiting_.clear();
    std::sort(all.begin(), all.end(), [](const Waiter& a, const Waiter& b) { return a.heard < b.heard; });
    return all;
  }
  std::size_t size() const { return waiting_.size(); }

 private:
  std::unordered_map<MacAddress, Waiter> waiting_;
};

}  // namespace slipway::dhcp
