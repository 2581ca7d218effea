// SPDX-License-Identifier: MPL-2.0
#include "dhcp/segment.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

using model::Subnet;
using model::SubnetMode;

/// A configured relay address is said on purpose, so it goes before the network it happens to lie in.
const Subnet* subnet_at(const model::Plan& plan, Ipv4 address) {
  const Subnet* named = plan.subnet_of_relay(address);
  return named ? named : plan.subnet_of(address);
}

bool is_on(const Subnet& subnet, const Arrival& arrival) {
  if (!subnet.interface.empty()) return subnet.interface == arrival.interface;
  return subnet.network.contains(arrival.local);
}

bool has_room(const Subnet& subnet, const Whereabouts& where) {
  return std::any_of(subnet.pools.begin(), subnet.pools.end(),
                     [&](const model::Pool& pool) { return is_open(pool, where.message, where.classes); });
}

/// Subnets belong to an interface; they need not contain the server's own address. The one with the
/// machine's reservation, otherwise the first that has a pool for the client's classes.
const Subnet* subnet_on_interface(const model::Plan& plan, const Whereabouts& where) {
  const Subnet* first = nullptr;
  const Subnet* roomy = nullptr;
  for (const Subnet& subnet : plan.subnets()) {
    if (!is_on(subnet, where.arrival)) continue;
    if (where.machines.in(subnet.network)) return &subnet;
    if (!first || (first->mode == SubnetMode::off && subnet.mode != SubnetMode::off)) first = &subnet;
    if (!roomy && subnet.mode != SubnetMode::off && has_room(subnet, where)) roomy = &subnet;
  }
  return roomy ? roomy : first;
}

struct Anchor {
  const Subnet* subnet = nullptr;
  std::string_view told_by;
};

Anchor anchor(const model::Plan& plan, const Whereabouts& where) {
  // RFC 3527 §2: the link selection names the client's link in the place of giaddr.
  if (where.relay.link_selection) {
    return {subnet_at(plan, *where.relay.link_selection), "the relay's link selection (option 82)"};
  }
  // RFC 3011 §2: the server must allocate in this subnet or not answer.
  if (auto wanted = where.message.options.get<wire::opt::SubnetSelection>()) {
    return {subnet_at(plan, *wanted), "the client's subnet selection (option 118)"};
  }
  // RFC 2131 §4.3.1: the address is chosen "based on the subnet from which the message was received (if
  // 'giaddr' is 0) or on the address of the relay agent that forwarded the message ('giaddr' when not 0)".
  if (!where.message.giaddr.is_any()) {
    return {subnet_at(plan, where.message.giaddr), "the relay's address (giaddr)"};
  }
  // RFC 2131 §4.3.2, RENEWING: "This message will be unicast, so no relay agents will be involved in its
  // transmission. Because 'giaddr' is therefore not filled in, the DHCP server will trust the value in
  // 'ciaddr'": a routed client is not on our interface.
  if (where.arrival.is_unicast() && !where.message.ciaddr.is_any()) {
    if (const Subnet* known = plan.subnet_of(where.message.ciaddr)) {
      return {known, "the client's address (ciaddr)"};
    }
  }
  return {subnet_on_interface(plan, where), "the interface"};
}

}  // namespace

bool is_open(const model::Pool& pool, const wire::DhcpMessage& message, const Classes& classes) {
  using Protocol = model::Pool::Protocol;
  bool closed = pool.protocol == (message.is_bootp() ? Protocol::dhcp : Protocol::bootp);
  return !closed && (pool.only_class.empty() || classes.has(pool.only_class));
}

Result<Placement, Drop> segment_of(const model::Plan& plan, const Whereabouts& where) {
  auto [chosen, told_by] = anchor(plan, where);
  if (!chosen) return Drop::no_subnet;
  Segment segment{chosen};
  if (!chosen->shared_network.empty()) {
    for (const Subnet& other : plan.subnets()) {
      if (&other != chosen && other.shared_network == chosen->shared_network) segment.push_back(&other);
    }
  }
  std::erase_if(segment, [](const Subnet* subnet) { return subnet->mode == SubnetMode::off; });
  if (segment.empty()) return Drop::subnet_off;
  if (where.message.is_bootp()) {
    std::erase_if(segment, [](const Subnet* subnet) { return !subnet->bootp; });
    if (segment.empty()) return Drop::bootp_not_allowed;
  }
  SubnetMode mode = segment.front()->mode;
  std::erase_if(segment, [&](const Subnet* subnet) { return subnet->mode != mode; });
  return Placement{std::move(segment), told_by};
}

const Subnet* subnet_in(const Segment& segment, Ipv4 address) {
  for (const Subnet* subnet : segment) {
    if (subnet->network.contains(address)) return subnet;
  }
  return nullptr;
}

}  // namespace slipway::dhcp
