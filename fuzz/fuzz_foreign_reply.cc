// SPDX-License-Identifier: MPL-2.0
// Any packet to UDP port 68 is a sighting of another server or nothing, and what is told of it can be told.
#include <cstdlib>

#include "dhcp/foreign_servers.h"
#include "wire/udp_in_ipv4.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static dhcp::ForeignServers servers;
  static Now now{from_unix_seconds(1'700'000'000), Tick{}};
  now.tick += std::chrono::milliseconds{100};
  servers.serve({{"eth1", size % 2 == 0}}, now.tick);
  servers.due(now.tick);
  auto datagram = wire::read_udp_in_ipv4({data, size}).datagram;
  if (!datagram) return 0;
  auto message = wire::parse_dhcp(datagram->payload);
  if (!message) return 0;
  auto sighting = dhcp::sighting_of(*message, datagram->from.address, MacAddress{{2, 0, 0, 0, 0, 9}});
  if (!sighting) return 0;
  if (auto news = servers.heard("eth1", *sighting, now); news && dhcp::sentence(*news).empty()) std::abort();
  if (servers.standing().size() > dhcp::ForeignServers::most_on_a_link) std::abort();
  return 0;
}
