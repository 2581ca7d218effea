// SPDX-License-Identifier: MPL-2.0
#include "dhcp/segment.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

using model::Subnet;
using model::SubnetMode;

bool lies_at(const Subnet& subnet, Ipv4 address) {
  return subnet.network.contains(address) ||
         std::find(subnet.relays.begin(), subnet.relays.end(), address) != subnet.relays.end();
}

/// A configured relay address is said on purpose, so it goes before the network it happens to lie in.
const Subnet* subnet_at(const model::Plan& plan, Ipv4 address) {
  for (const Subnet& subnet : plan.subnets()) {
    if (lies_at(subnet, address) && !subnet.network.contains(address)) return &subnet;
  }
  return plan.subnet_of(address);
}

bool is_on(const Subnet& subnet, const Arrival& arrival) {
  if (!subnet.interface.empty()) return subnet.interface == arrival.interface;
  return subnet.network.contains(arrival.local);
}

bool has_room(const Subnet& subnet, const Classes& classes) {
  return std::any_of(subnet.pools.begin(), subnet.pools.end(),
                     [&](const model::Pool& pool) { return is_open(pool, classes); });
}

bool holds_reservation(const Subnet& subnet, const model::Machine* machine) {
  return machine && machine->address && subnet.network.contains(*machine->address);
}

/// Subnets belong to an interface; they need not contain the server's own address. The one with the
/// machine's reservation, otherwise the first that has a pool for the client's classes.
const Subnet* subnet_on_interface(const model::Plan& plan, const Whereabouts& where) {
  const Subnet* first = nullptr;
  const Subnet* roomy = nullptr;
  for (const Subnet& subnet : plan.subnets()) {
    if (!is_on(subnet, where.arrival)) continue;
    if (holds_reservation(subnet, where.machine)) return &subnet;
    if (!first || (first->mode == SubnetMode::off && subnet.mode != SubnetMode::off)) first = &subnet;
    if (!roomy && subnet.mode != SubnetMode::off && has_room(subnet, where.classes)) roomy = &subnet;
  }
  return roomy ? roomy : first;
}

const Subnet* anchor(const model::Plan& plan, const Whereabouts& where) {
  // RFC 3527 §2: the link selection names the client's link in the place of giaddr.
  if (where.relay.link_selection) return subnet_at(plan, *where.relay.link_selection);
  // RFC 3011 §2: the server must allocate in this subnet or not answer.
  if (auto wanted = where.message.options.get<wire::opt::SubnetSelection>()) {
    return subnet_at(plan, *wanted);
  }
  // RFC 2131 §4.3.1: the address is chosen "based on the subnet from which the message was received (if
  // 'giaddr' is 0) or on the address of the relay agent that forwarded the message ('giaddr' when not 0)".
  if (!where.message.giaddr.is_any()) return subnet_at(plan, where.message.giaddr);
  // RFC 2131 §4.3.2, RENEWING: "This message will be unicast, so no relay agents will be involved in its
  // transmission. Because 'giaddr' is therefore not filled in, the DHCP server will trust the value in
  // 'ciaddr'": a routed client is not on our interface.
  if (where.arrival.is_unicast() && !where.message.ciaddr.is_any()) {
    if (const Subnet* known = plan.subnet_of(where.message.ciaddr)) return known;
  }
  return subnet_on_interface(plan, where);
}

}  // namespace

bool is_open(const model::Pool& pool, const Classes& classes) {
  return pool.only_class.empty() || classes.has(pool.only_class);
}

Result<Segment, Drop> segment_of(const model::Plan& plan, const Whereabouts& where) {
  const Subnet* chosen = anchor(plan, where);
  if (!chosen) return Drop::no_subnet;
  Segment segment{chosen};
  if (!chosen->shared_network.empty()) {
    for (const Subnet& other : plan.subnets()) {
      if (&other != chosen && other.shared_network == chosen->shared_network) segment.push_back(&other);
    }
  }
  std::erase_if(segment, [](const Subnet* subnet) { return subnet->mode == SubnetMode::off; });
  if (segment.empty()) return Drop::subnet_off;
  SubnetMode mode = segment.front()->mode;
  std::erase_if(segment, [&](const Subnet* subnet) { return subnet->mode != mode; });
  return segment;
}

const Subnet* subnet_in(const Segment& segment, Ipv4 address) {
  for (const Subnet* subnet : segment) {
    if (subnet->network.contains(address)) return subnet;
  }
  return nullptr;
}

}  // namespace slipway::dhcp
