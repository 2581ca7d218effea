// SPDX-License-Identifier: MPL-2.0
// What a run is made of: how many clients, how bad the weather, what else goes wrong. Values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sim/sim_network.h"
#include "sim/sim_server.h"

namespace slipway::sim {

struct Scenario {
  std::size_t clients = 500;    ///< half of them behind a relay
  std::size_t addresses = 600;  ///< in each of the two subnets
  unsigned squatters = 0;       ///< one address in so many is used by a station without a lease; 0: none
  unsigned relays = 1;          ///< each of which hears the far clients and passes their packets on
  std::chrono::seconds boots_within{10};
  std::chrono::seconds lasts{300};
  std::chrono::seconds reloads_every{0};  ///< another plan: reservations, a range that moved; 0: never
  std::chrono::seconds jumps_every{0};    ///< of the server's clock, forward and back; 0: never
  std::chrono::seconds longest_jump{3600};
  unsigned hostile = 0;  ///< packets a second from stations that mean harm
  Weather weather;
  Troubles troubles;

  /// Anything together with anything, as this seed has it.
  static Scenario drawn_from(std::uint64_t seed);
  /// For the message of a run that failed.
  std::string to_string() const;
};

}  // namespace slipway::sim
