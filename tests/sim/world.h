// SPDX-License-Identifier: MPL-2.0
// A whole run: clients on the server's wire and behind a relay, the network between, one server that
// dies now and then, and the laws that watch.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "sim/sim_client.h"
#include "sim/sim_network.h"
#include "sim/sim_server.h"

namespace slipway::sim {

struct Scenario {
  std::size_t clients = 500;    ///< half of them behind a relay
  std::size_t addresses = 600;  ///< in each of the two subnets
  unsigned squatters = 0;       ///< one address in so many is used by a station without a lease; 0: none
  std::chrono::seconds boots_within{10};
  std::chrono::seconds lasts{300};
  Weather weather;
  Troubles troubles;
};

class World {
 public:
  World(const Scenario& scenario, std::uint64_t seed);

  /// The wild time, a last crash, then a calm one in which everyone gets an address who can.
  void run();

  std::size_t bound() const;
  const Laws& laws() const { return laws_; }
  const SimServer& server() const { return server_; }
  const SimNetwork& network() const { return network_; }

 private:
  void add_client(std::size_t number);
  void from_client(wire::DhcpMessage message, std::optional<Ipv4> to);
  void from_server(const dhcp::Answer& answer);
  void asked(const dhcp::Probe& probe);
  void settle_squatters();
  void watch();

  Scenario scenario_;
  SeededRandom random_;
  Scheduler scheduler_;
  SimNetwork network_;
  std::shared_ptr<store::MemoryStore::Rows> rows_;
  Laws laws_;
  SimServer server_;
  std::deque<SimClient> clients_;
  std::unordered_map<MacAddress, SimClient*> by_mac_;
};

}  // namespace slipway::sim
