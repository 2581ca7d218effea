// SPDX-License-Identifier: MPL-2.0
#include "model/ground_check.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::model {
namespace {

const LocalInterface* find(std::span<const LocalInterface> interfaces, std::string_view name) {
  auto found =
      std::find_if(interfaces.begin(), interfaces.end(), [&](auto& known) { return known.name == name; });
  return found == interfaces.end() ? nullptr : &*found;
}

/// Our server id and the URLs need an address on every interface.
void check_interfaces(const ServerSettings& server, std::span<const LocalInterface> interfaces,
                      Problems& problems) {
  std::string known;
  for (const LocalInterface& other : interfaces) known += (known.empty() ? "" : ", ") + other.name;
  for (const std::string& name : server.interfaces) {
    const LocalInterface* interface = find(interfaces, name);
    const Place& place = place_of(server, "interfaces");
    if (!interface) {
      problems.push_back({place, fmt::format("there is no interface '{}'; this machine has {}", name, known),
                          "correct the interface"});
    } else if (interface->addresses.empty()) {
      problems.push_back(
          {place, fmt::format("interface {} has no IPv4 address", name),
           fmt::format("give it one of its subnet, for example `ip addr add 10.99.99.250/24 dev {}`", name)});
    }
  }
}

/// Machines behind a relay can be served without an address among them; nobody else can.
void check_subnet(const Subnet& subnet, std::span<const LocalInterface> interfaces, Problems& problems) {
  bool reached = std::any_of(interfaces.begin(), interfaces.end(), [&](const LocalInterface& interface) {
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [&](Ipv4 at) { return subnet.network.contains(at); });
  });
  if (reached || !subnet.relays.empty() || subnet.mode == SubnetMode::off) return;
  problems.push_back({place_of(subnet, "network"),
                      fmt::format("this server has no address in {}: machines there could not fetch what "
                                  "they boot, except through a router",
                                  subnet.network.to_string()),
                      "give an interface an address of it, or say `relay` where a relay agent asks for them",
                      Severity::warning});
}

/// A router advertisement comes from a link-local address (RFC 4861 §6.1.2).
void check_router_answers(const Plan& plan, const LocalInterface& interface, Problems& problems) {
  const Subnet* wants = plan.silences_routers_on(interface.name, interface.addresses);
  if (!wants || interface.has_link_local) return;
  problems.push_back(
      {place_of(*wants, "no-ipv6-router"),
       fmt::format("interface {} has no IPv6 link-local address to answer router "
                   "solicitations from: firmware will go on waiting for a router",
                   interface.name),
       fmt::format("`sysctl net.ipv6.conf.{}.disable_ipv6=0`, or leave `no-ipv6-router` out", interface.name),
       Severity::warning});
}

}  // namespace

Problems check_ground(const Plan& plan, std::span<const LocalInterface> interfaces) {
  Problems problems;
  check_interfaces(plan.server(), interfaces, problems);
  for (const Subnet& subnet : plan.subnets()) check_subnet(subnet, interfaces, problems);
  for (const std::string& name : plan.server().interfaces) {
    if (const LocalInterface* interface = find(interfaces, name))
      check_router_answers(plan, *interface, problems);
  }
  return problems;
}

}  // namespace slipway::model
