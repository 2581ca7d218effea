// SPDX-License-Identifier: MPL-2.0
// The plans of a simulation: two subnets, one on the server's wire and one behind relays, in ever other
// forms: addresses reserved for machines while others hold them, ranges that moved. It remembers which were
// in force a moment ago, so that a law can say what a client may keep.
#pragma once

#include <deque>
#include <memory>

#include "base/random.h"
#include "model/plan.h"
#include "sim/scheduler.h"

namespace slipway::sim {

inline constexpr Ipv4 server_address{0x0a000002}, local_network{0x0a000000};  // 10.0.0.2, 10.0.0.0/16
inline constexpr Ipv4 far_network{0x0a010000};                                // 10.1.0.0/16
inline constexpr std::uint32_t first_host = 256;
/// Every second client is behind the relays.
inline bool is_relayed(const MacAddress& mac) {
  return mac.bytes[5] % 2 == 1;
}
/// 10.1.0.1, 10.1.0.2 ...
inline Ipv4 relay_address(unsigned number) {
  return {far_network.value + 1 + number};
}

class Plans {
 public:
  using Plan = std::shared_ptr<const model::Plan>;
  Plans(const Scheduler& scheduler, std::size_t addresses);

  const Plan& now() const { return past_.back().plan; }
  /// Other reservations for these machines, another range, from now on.
  const Plan& change(Random& random, std::span<const MacAddress> machines);

  /// This client may keep this address by every plan that was in force while a packet of it was on the way.
  bool may_keep(const MacAddress& client, Ipv4 address) const;
  /// Every address that any plan ever gave out.
  std::size_t addresses() const { return 2 * (addresses_ + longest_move); }

 private:
  static constexpr std::uint32_t longest_move = 64;
  struct Past {
    Instant from;
    Plan plan;
  };
  model::Subnet subnet(Ipv4 network, std::string interface, std::uint32_t moved) const;

  const Scheduler& scheduler_;
  std::size_t addresses_;
  std::deque<Past> past_;
};

}  // namespace slipway::sim
