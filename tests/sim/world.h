// SPDX-License-Identifier: MPL-2.0
// A whole run: clients on the server's wire and behind relays, the network between, one server that dies now
// and then, an operator who changes its plan, stations that mean harm, and the laws that watch.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "sim/mischief.h"
#include "sim/plans.h"
#include "sim/scenario.h"
#include "sim/sim_client.h"

namespace slipway::sim {

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
  void arrive(const wire::DhcpMessage& message, const dhcp::Arrival& arrival);
  void from_server(const dhcp::Answer& answer);
  void asked(const dhcp::Probe& probe);
  void settle_squatters();

  void watch();
  void change_plan();
  void jump_clock();
  void do_harm();
  /// As long as the wild time lasts, about every `pause`; zero: never.
  void again_after(Duration pause, void (World::*next)());

  Scenario scenario_;
  SeededRandom random_;
  Scheduler scheduler_;
  SimNetwork network_;
  Plans plans_;
  std::shared_ptr<store::MemoryStore::Rows> rows_;
  Laws laws_;
  SimServer server_;
  Mischief mischief_;
  std::deque<SimClient> clients_;
  std::unordered_map<MacAddress, SimClient*> by_mac_;
  Duration ahead_{};
  bool wild_ = true;
};

}  // namespace slipway::sim
