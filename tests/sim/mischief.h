// SPDX-License-Identifier: MPL-2.0
// Stations that mean harm, on both wires: noise, packets of others with bytes changed, and well-formed ones
// about addresses that others hold. They send from addresses of their own: DHCP knows a machine by nothing
// but its MAC address, so one who borrows that is that machine.
#pragma once

#include <functional>
#include <vector>

#include "base/random.h"
#include "wire/dhcp_message.h"

namespace slipway::sim {

class Mischief {
 public:
  explicit Mischief(Random& random) : random_(random) {}

  /// A packet of an honest client, to be made worse.
  void overhears(const wire::DhcpMessage& message);
  /// What it sends next; `victim` is an address that somebody may hold.
  Bytes next(Ipv4 victim);

 private:
  MacAddress own_address();
  Bytes noise();
  Bytes distorted();
  Bytes claim_of(Ipv4 victim);

  Random& random_;
  std::vector<wire::DhcpMessage> heard_;
};

}  // namespace slipway::sim
