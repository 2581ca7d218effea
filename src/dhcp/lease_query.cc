// SPDX-License-Identifier: MPL-2.0
#include "dhcp/lease_query.h"

#include <algorithm>

#include <fmt/format.h>

#include "dhcp/identify.h"
#include "dhcp/reply.h"

namespace slipway::dhcp {
namespace {

using lease::Lease;
using std::chrono::seconds;
using wire::MessageType;
namespace opt = wire::opt;

bool may_ask(const model::Plan& plan, Ipv4 relay) {
  const auto& allowed = plan.server().lease_query;
  return std::any_of(allowed.begin(), allowed.end(), [&](const Prefix& net) { return net.contains(relay); });
}

/// The leases that run of whoever the query names; the last one used comes first.
std::vector<const Lease*> leases_of(const lease::ClientKey& name, const lease::Book& book, Instant now) {
  auto leases = book.all_named(name);
  std::erase_if(leases, [&](const Lease* lease) { return !lease->runs(now); });
  std::sort(leases.begin(), leases.end(), [](const Lease* a, const Lease* b) {
    return std::pair(a->granted, a->address) > std::pair(b->granted, b->address);
  });
  return leases;
}

/// RFC 4388 §6.4.2: what the query's parameter list names, and all of it where there is none.
class Wanted {
 public:
  explicit Wanted(const wire::DhcpMessage& query) : list_(query.options.raw(opt::ParameterList::code)) {}
  bool operator()(std::uint8_t code) const {
    return !list_ || std::find(list_->begin(), list_->end(), code) != list_->end();
  }

 private:
  std::optional<ByteView> list_;
};

/// Times are left out when they are over, and where there is no end (BOOTP).
void put_times(const Inquiry& inquiry, const Lease& lease, Instant now, wire::DhcpMessage& reply) {
  Wanted wanted(inquiry.message);
  if (wanted(opt::LastTransaction::code)) {
    auto ago = std::chrono::duration_cast<seconds>(std::max(now - lease.granted, Duration{0}));
    reply.options.set<opt::LastTransaction>(ago);
  }
  if (lease.expires == lease::forever) {
    if (wanted(opt::LeaseTime::code)) reply.options.set_raw(opt::LeaseTime::code, {255, 255, 255, 255});
    return;
  }
  auto put = [&](std::uint8_t code, Instant at) {
    if (at <= now || !wanted(code)) return;
    auto left = std::chrono::duration_cast<seconds>(at - now);
    reply.options.set_raw(code, wire::OptionCodec<seconds>::encode(left));
  };
  Duration whole = lease.expires - lease.granted;
  const model::Subnet* subnet = inquiry.plan.subnet_of(lease.address);
  auto time = [&](const std::optional<seconds>& set, Duration usual) { return set ? Duration{*set} : usual; };
  put(opt::LeaseTime::code, lease.expires);
  put(opt::RenewalTime::code, lease.granted + time(subnet ? subnet->renew_time : std::nullopt, whole / 2));
  put(opt::RebindingTime::code,
      lease.granted + time(subnet ? subnet->rebind_time : std::nullopt, whole * 7 / 8));
}

void put_lease(const Inquiry& inquiry, const Lease& lease, Instant now, wire::DhcpMessage& reply) {
  Wanted wanted(inquiry.message);
  reply.ciaddr = lease.address;
  reply.set_mac(lease.mac);
  if (lease.mac.is_zero()) reply.htype = reply.hlen = 0;
  put_times(inquiry, lease, now, reply);
  if (!lease.client_id.empty()) reply.options.set_raw(opt::ClientId::code, lease.client_id);
  bool relayed = !lease.relay.empty() && wanted(opt::RelayAgent::code);
  if (relayed) reply.options.set_raw(opt::RelayAgent::code, lease.relay);
}

Answer answer(Inquiry& inquiry, MessageType type, const Lease* lease, std::vector<Ipv4> others, Instant now) {
  wire::DhcpMessage reply = answer_to(inquiry.message);
  reply.ciaddr = inquiry.message.ciaddr;
  reply.options.set<opt::MessageType>(type);
  reply.options.set<opt::ServerId>(inquiry.server_id());
  if (lease) put_lease(inquiry, *lease, now, reply);
  // §6.4.2: "the associated-ip option [...] lists all of the IP addresses".
  bool several = others.size() > 1 && Wanted(inquiry.message)(opt::AssociatedIps::code);
  if (several) reply.options.set<opt::AssociatedIps>(others);
  inquiry.trace.address = reply.ciaddr;
  inquiry.trace.reason = fmt::format("{} {}", wire::to_string(type), reply.ciaddr.to_string());
  inquiry.trace.client = {};  // who is asked about says nothing
  return {std::move(reply), ToRelay{inquiry.message.giaddr}, inquiry.arrival.local, inquiry.arrival.port,
          max_size_of(inquiry.message)};
}

Verdict by_address(Inquiry& inquiry, const lease::Book& book, Instant now) {
  Ipv4 address = inquiry.message.ciaddr;
  const Lease* lease = book.at(address);
  if (lease && lease->runs(now)) return answer(inquiry, MessageType::lease_active, lease, {}, now);
  const model::Subnet* subnet = inquiry.plan.subnet_of(address);
  bool ours = subnet && subnet->mode == model::SubnetMode::dhcp;
  return answer(inquiry, ours ? MessageType::lease_unassigned : MessageType::lease_unknown, nullptr, {}, now);
}

Verdict by_name(Inquiry& inquiry, const lease::ClientKey& name, const lease::Book& book, Instant now) {
  auto leases = leases_of(name, book, now);
  if (leases.empty()) return answer(inquiry, MessageType::lease_unknown, nullptr, {}, now);
  std::vector<Ipv4> addresses;
  for (const Lease* lease : leases) addresses.push_back(lease->address);
  return answer(inquiry, MessageType::lease_active, leases.front(), std::move(addresses), now);
}

}  // namespace

Verdict answer_lease_query(Inquiry& inquiry, const lease::Book& book, Instant now) {
  const wire::DhcpMessage& query = inquiry.message;
  // RFC 4388 §6.3: "The giaddr MUST be set [...]", and the answer goes nowhere else.
  Ipv4 relay = query.giaddr;
  auto name = client_key(query, model::Identify::client_id);
  inquiry.trace.client = {};
  if (relay.is_any()) return Ignore{Drop::malformed_request, "a lease query without giaddr"};
  if (!may_ask(inquiry.plan, relay)) return Ignore{Drop::lease_query_not_allowed, relay.to_string()};
  // §6.4: by address, client id or MAC address, whichever it has.
  if (!query.ciaddr.is_any()) return by_address(inquiry, book, now);
  if (name) return by_name(inquiry, *name, book, now);
  return Ignore{Drop::malformed_request, "a lease query for nobody"};
}

}  // namespace slipway::dhcp
