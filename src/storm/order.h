// SPDX-License-Identifier: MPL-2.0
// What is asked of a storm: how many machines of which kinds, where, and when. A value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "storm/dhcp_wire.h"
#include "walk/program.h"

namespace slipway::storm {

struct Order {
  std::uint32_t machines = 1;
  std::uint32_t first = 0;                 ///< number of the first: others have other MAC addresses
  std::vector<const walk::Route*> routes;  ///< in turn
  DhcpPlace place;
  Duration within{0};                         ///< power-on, spread evenly
  Duration limit = std::chrono::minutes(30);  ///< of the whole
  bool eager = false;                         ///< without what firmware waits for by itself
  bool one_address = false;                   ///< transfers from this host's own address
  bool release = false;                       ///< leases are given back at the end
};

inline constexpr std::uint32_t most_machines = 1u << walk::number_bits;

}  // namespace slipway::storm
