// SPDX-License-Identifier: MPL-2.0
#include "model/ground_check.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "model/api_check.h"

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

bool has_address_in(const Prefix& network, std::span<const LocalInterface> interfaces) {
  return std::any_of(interfaces.begin(), interfaces.end(), [&](const LocalInterface& interface) {
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [&](Ipv4 at) { return network.contains(at); });
  });
}

/// Machines behind a relay can be served without an address among them; nobody else can.
void check_subnet(const Subnet& subnet, std::span<const LocalInterface> interfaces, Problems& problems) {
  if (has_address_in(subnet.network, interfaces) || !subnet.relays.empty() || subnet.mode == SubnetMode::off)
    return;
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

/// How many machines may come there.
std::uint64_t size_of(const Subnet& subnet) {
  if (subnet.mode == SubnetMode::off) return 0;
  if (subnet.pools.empty()) return std::uint64_t{~subnet.network.mask().value} + 1;
  std::uint64_t machines = 0;
  for (const Pool& pool : subnet.pools) machines += pool.range.size();
  return machines;
}

/// Linux has one table of neighbours for all its links. A machine that finds no place in it is not answered,
/// and nothing tells why.
void check_neighbours(const Plan& plan, std::span<const LocalInterface> interfaces, std::uint64_t neighbours,
                      Problems& problems) {
  std::uint64_t machines = 0;
  const Subnet* largest = nullptr;
  for (const Subnet& subnet : plan.subnets()) {
    if (!has_address_in(subnet.network, interfaces)) continue;
    machines += size_of(subnet);
    if (!largest || size_of(subnet) > size_of(*largest)) largest = &subnet;
  }
  if (machines <= neighbours) return;
  std::uint64_t wanted = std::bit_ceil(machines + 1);
  problems.push_back(
      {place_of(*largest, "network"),
       fmt::format("up to {} machines may be on this server's own links, and its kernel knows {} "
                   "neighbours at most: who comes when the table is full gets no answers",
                   machines, neighbours),
       fmt::format(
           "`sysctl net.ipv4.neigh.default.gc_thresh3={} net.ipv4.neigh.default.gc_thresh2={}`, and a "
           "file in /etc/sysctl.d for the next start",
           wanted, wanted / 2),
       Severity::warning});
}

/// A class or group that sends its members to this server by HTTPS, which it does not serve.
void check_https(const Plan& plan, std::span<const LocalInterface> interfaces, Problems& problems) {
  if (!plan.server().tls_certificate.empty()) return;
  constexpr std::string_view scheme = "https://";
  auto look_at = [&](const auto& each) {
    if (!each.boot_file.starts_with(scheme)) return;
    std::string host = each.boot_file.substr(scheme.size());
    auto at = Ipv4::parse(host.substr(0, host.find_first_of(":/")));
    if (!at || !has_address_in({*at, 32}, interfaces)) return;
    problems.push_back({place_of(each, "boot-file"),
                        fmt::format("{} is this server's, and it serves no HTTPS", each.boot_file),
                        "give [server] a tls-certificate and a tls-key, or say http://", Severity::warning});
  };
  for (const BootClass& each : plan.classes()) look_at(each);
  for (const Group& group : plan.groups()) look_at(group);
}

}  // namespace

Problems check_ground(const Plan& plan, std::span<const LocalInterface> interfaces,
                      std::optional<std::uint64_t> neighbours) {
  Problems problems;
  check_interfaces(plan.server(), interfaces, problems);
  for (const Subnet& subnet : plan.subnets()) check_subnet(subnet, interfaces, problems);
  for (const std::string& name : plan.server().interfaces) {
    if (const LocalInterface* interface = find(interfaces, name))
      check_router_answers(plan, *interface, problems);
  }
  if (neighbours) check_neighbours(plan, interfaces, *neighbours, problems);
  check_https(plan, interfaces, problems);
  warn_of_boot_plane(plan, problems);
  return problems;
}

}  // namespace slipway::model
