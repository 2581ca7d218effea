// SPDX-License-Identifier: MPL-2.0
#include "dhcp/responder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "boot/decide.h"
#include "dhcp/configured.h"
#include "dhcp/identify.h"
#include "dhcp/lease_query.h"
#include "dhcp/probe_choice.h"
#include "dhcp/proxy_responder.h"
#include "dhcp/reply.h"
#include "dhcp/yielding.h"

namespace slipway::dhcp {
namespace {

using lease::Refusal;
using wire::MessageType;
namespace opt = wire::opt;

/// A request of a client that was granted something so short a while ago may be a late copy of the one that
/// was granted.
constexpr std::chrono::seconds copies_last{10};

/// The reason of a DISCOVER without an OFFER.
Drop drop_of(const lease::Asker& asker) {
  for (const lease::Space& space : asker.spaces) {
    if (!space.ranges.empty() || space.reserved) return Drop::pool_exhausted;
  }
  return Drop::no_pool;
}

/// Not in 0/8, 127/8 or 224/3 (RFC 1122 §3.2.1.3, RFC 5771, RFC 1112 §4).
bool can_be_a_hosts(Ipv4 address) {
  std::uint32_t first = address.value >> 24;
  return first != 0 && first != 127 && first < 224;
}

/// Its UUID, its client id or its port told who it is: a MAC address alone will not tell it again.
bool told_by_other_than_mac(const Inquiry& inquiry) {
  if (!inquiry.machine) return false;
  const auto& macs = inquiry.machine->macs;
  return std::find(macs.begin(), macs.end(), inquiry.client().mac) == macs.end();
}

std::string unknown_type(const wire::DhcpMessage& message) {
  auto value = message.options.raw(opt::MessageType::code);
  return value && value->size() == 1 ? fmt::format("option 53 is {}", value->front())
                                     : "option 53 is malformed";
}

bool is_outside(Refusal refusal) {
  return refusal == Refusal::outside_pools || refusal == Refusal::excluded;
}

std::string_view sentence(Refusal refusal) {
  switch (refusal) {
    case Refusal::none_free:
      return "no address is free";
    case Refusal::wrong_network:
      return "the address is not of this network";
    case Refusal::outside_pools:
      return "the address is in no pool";
    case Refusal::excluded:
      return "the address is a server's, a router's or a relay's";
    case Refusal::held_by_another:
      return "another client has the address";
    case Refusal::reserved_for_another:
      return "the address is reserved for another client";
    case Refusal::reserved_elsewhere:
      return "another address is reserved for this client";
    case Refusal::quarantined:
      return "the address was found in use and is in quarantine";
    case Refusal::claimed_by_another:
      return "another client is about to get the address";
    case Refusal::claim_in_flight:
      return "another address for this client is being written";
  }
  return "the address cannot be had";
}

}  // namespace

Responder::Responder(std::shared_ptr<const model::Plan> plan, Loaders loaders, lease::Book& book)
    : plan_(std::move(plan)), loaders_(std::move(loaders)), book_(book), allocator_(book) {}

void Responder::publish(std::shared_ptr<const model::Plan> plan, Loaders loaders) {
  plan_ = std::move(plan);
  loaders_ = std::move(loaders);
}

Handled Responder::handle(const wire::DhcpMessage& message, const Arrival& arrival, Instant now) {
  if (!std::exchange(has_looked_at_leases_, true)) kin_.learn_from(book_, *plan_, now);
  Inquiry inquiry = inquire(*plan_, kin_, message, arrival, kept_relay_option(message));
  Verdict verdict = decide(inquiry, now);
  if (auto* ignored = std::get_if<Ignore>(&verdict); ignored && inquiry.trace.reason.empty()) {
    inquiry.trace.reason = sentence(ignored->why);
  }
  if (told_by_other_than_mac(inquiry)) {
    inquiry.trace.machine = inquiry.machine->name;
    if (!inquiry.by_kin) kin_.learn(*inquiry.machine, inquiry.client());
  }
  return {std::move(verdict), std::move(inquiry.trace)};
}

Verdict Responder::decide(Inquiry& inquiry, Instant now) {
  const wire::DhcpMessage& message = inquiry.message;
  if (message.op != wire::Op::boot_request) return Ignore{Drop::reply_packet, {}};
  if (inquiry.arrival.local.is_any()) return Ignore{Drop::no_server_address, inquiry.arrival.interface};
  if (message.giaddr == inquiry.arrival.local) return Ignore{Drop::own_packet, {}};
  auto type = inquiry.trace.asked;
  // A REQUEST for such an address is told NAK, which goes to all.
  Ipv4 ciaddr = type == MessageType::request ? Ipv4::any() : message.ciaddr;
  for (Ipv4 address : {message.giaddr, ciaddr}) {
    if (!address.is_any() && !can_be_a_hosts(address)) return Ignore{Drop::bad_address, address.to_string()};
  }
  if (!type && !message.is_bootp()) return Ignore{Drop::bad_message_type, unknown_type(message)};
  if (type == MessageType::lease_query) return answer_lease_query(inquiry, book_, now);

  if (auto* shunned = inquiry.classes.unanswered()) return Ignore{Drop::class_not_answered, shunned->name};
  if (auto lost = locate(inquiry)) {
    // A client that chose us but whose relay is in no subnet of ours would ask on for ever.
    bool chose_us = *lost == Drop::no_subnet && type == MessageType::request && inquiry.names_us();
    if (chose_us && !message.giaddr.is_any()) return make_nak(inquiry, "no subnet is for this relay");
    return Ignore{*lost, {}};
  }
  Prefix network = inquiry.subnet().network;
  if (network.length < 31 && message.giaddr == network.last()) {
    return Ignore{Drop::bad_address, message.giaddr.to_string()};
  }
  if (boot::course_of(inquiry.plan, inquiry.client()) == boot::Course::silent) {
    return Ignore{Drop::unknown_policy_ignore, {}};
  }
  bool proxied = inquiry.subnet().mode == model::SubnetMode::proxy;
  if (proxied || inquiry.arrival.port == wire::proxy_dhcp_port) {
    return answer_as_proxy(inquiry, boot_for(inquiry, inquiry.subnet(), now));
  }
  if (auto kept_back = yield_to_others(inquiry, book_, now)) return *kept_back;
  return dispatch(inquiry, now);
}

Verdict Responder::dispatch(Inquiry& inquiry, Instant now) {
  if (inquiry.message.is_bootp()) return bootp(inquiry, now);
  switch (*inquiry.trace.asked) {
    case MessageType::discover:
      return discover(inquiry, now);
    case MessageType::request:
      return request(inquiry, now);
    case MessageType::decline:
      return decline(inquiry, now);
    case MessageType::release:
      return release(inquiry, now);
    case MessageType::inform:
      return inform(inquiry, now);
    default:
      return Ignore{Drop::bad_message_type, std::string(wire::to_string(*inquiry.trace.asked))};
  }
}

// RFC 2131 §4.3.1: "the server chooses a network address for the requesting client [...]. If no address is
// available, the server may choose to report the problem to the system administrator" and says nothing.
Verdict Responder::discover(Inquiry& inquiry, Instant now) {
  if (prefers_ipv6(inquiry)) return send_to_ipv6(inquiry, MessageType::offer);
  if (!declines_.allows(inquiry.client().mac, now)) return Ignore{Drop::declined_too_many, {}};
  lease::Asker asker = asker_of(inquiry);
  auto offer = allocator_.offer(asker, now);
  if (!offer) return Ignore{drop_of(asker), {}};

  const model::Subnet& subnet = *inquiry.segment[offer->space];
  // RFC 4039 §3.1: "a server [...] configured to do so [...] responds with a DHCPACK", once it is committed.
  // A client that would be moved is offered the other address as ever: only its REQUEST says that it leaves
  // the one it has.
  if (subnet.rapid_commit && inquiry.message.options.has(opt::RapidCommit::code)) {
    if (auto too_soon = moved_too_soon(asker, offer->address, now)) return *too_soon;
    if (!moved_from(asker, offer->address, now)) return give(inquiry, asker, offer->address, now);
  }
  BootChoice boot = boot_for(inquiry, subnet, now);
  inquiry.trace.address = offer->address;
  inquiry.trace.subnet = subnet.network;
  inquiry.trace.reason = "offered " + offer->address.to_string() + " (";
  inquiry.trace.reason.append(lease::to_string(offer->source)).append("); boot: ").append(boot.note);
  Answer answer = make_reply(inquiry, {MessageType::offer, subnet, offer->address, offer->lease_time}, boot);
  answer.probe = choose_probe(inquiry, subnet, *offer);
  return answer;
}

bool Responder::stands(const Answer& offer) const {
  if (!offer.probe) return true;
  const lease::ClientKey* client = book_.offered_to(offer.message.yiaddr);
  return client && *client == offer.probe->client;
}

// RFC 2131 §4.3.2, table 4: the four kinds are told apart by server id, requested address and ciaddr.
Verdict Responder::request(Inquiry& inquiry, Instant now) {
  if (inquiry.names_another_server()) return Ignore{Drop::not_for_us, {}};
  const wire::DhcpMessage& message = inquiry.message;
  if (message.ciaddr.is_any() && prefers_ipv6(inquiry)) return send_to_ipv6(inquiry, MessageType::ack);
  auto requested = message.options.get<opt::RequestedAddress>();
  if (!requested && message.options.has(opt::RequestedAddress::code))
    return Ignore{Drop::malformed_request, "option 50 is no address"};
  inquiry.trace.address = requested.value_or(message.ciaddr);
  // "Client inserts the address of the selected server in 'server identifier', 'ciaddr' MUST be zero,
  // 'requested IP address' MUST be filled in with the yiaddr value from the chosen DHCPOFFER."
  if (requested && inquiry.names_us()) return selecting(inquiry, *requested, now);
  // "'server identifier' MUST NOT be filled in, 'requested IP address' option MUST be filled in with
  // client's notion of its previously assigned address. 'ciaddr' MUST be zero."
  if (requested) return init_reboot(inquiry, *requested, now);
  // "'requested IP address' option MUST NOT be filled in, 'ciaddr' MUST be filled in with client's IP
  // address." Some clients name the server besides.
  if (!message.ciaddr.is_any()) return extend(inquiry, message.ciaddr, now);
  return choose_and_grant(inquiry, now);
}

// SELECTING. The offer need not be known: after a restart, or from a client that skips DISCOVER, the
// address is granted if it is free. One of the subnet that is in no pool may be another server's to give,
// unless we gave it ourselves.
Verdict Responder::selecting(Inquiry& inquiry, Ipv4 address, Instant now) {
  lease::Asker asker = asker_of(inquiry);
  Claimed claimed = allocator_.claim(asker, address, now);
  bool may_be_anothers = !claimed && is_outside(claimed.error()) && !is_his(inquiry, asker, address);
  if (may_be_anothers) return Ignore{Drop::address_not_ours, address.to_string()};
  return grant(inquiry, std::move(claimed), now);
}

// INIT-REBOOT. "If the network is correct, then the DHCP server should check if the client's notion of its
// IP address is correct. If not, then the server SHOULD send a DHCPNAK message to the client. If the DHCP
// server has no record of this client, then it MUST remain silent": with authority over the segment there
// is no other server that could have one, and NAK sends the client to DISCOVER at once.
Verdict Responder::init_reboot(Inquiry& inquiry, Ipv4 address, Instant now) {
  lease::Asker asker = asker_of(inquiry);
  if (is_his(inquiry, asker, address)) return grant(inquiry, allocator_.claim(asker, address, now), now);
  if (has_another(asker, now)) {
    inquiry.trace.reason = "has another address";
    return make_nak(inquiry, "this client has another address");
  }
  return nak_stranger(inquiry);
}

// RENEWING and REBINDING. A lease nobody knows is one that was lost, or another server's: with authority
// it is taken up if the address is free, so that a running machine keeps its address.
Verdict Responder::extend(Inquiry& inquiry, Ipv4 address, Instant now) {
  lease::Asker asker = asker_of(inquiry);
  bool known = is_his(inquiry, asker, address) || has_another(asker, now);
  if (!known && !inquiry.authoritative()) return Ignore{Drop::unknown_lease, {}};
  return grant(inquiry, allocator_.claim(asker, address, now), now);
}

// Neither server id nor address: RFC 2131 knows no such REQUEST. It is granted like a DISCOVER that wants
// no second round.
Verdict Responder::choose_and_grant(Inquiry& inquiry, Instant now) {
  lease::Asker asker = asker_of(inquiry);
  auto offer = allocator_.offer(asker, now);
  if (!offer) return refuse(inquiry, offer.error());
  if (auto too_soon = moved_too_soon(asker, offer->address, now)) return *too_soon;
  return grant(inquiry, allocator_.claim(asker, offer->address, now), now);
}

Verdict Responder::nak_stranger(Inquiry& inquiry) {
  if (!inquiry.authoritative()) return Ignore{Drop::unknown_lease, {}};
  inquiry.trace.reason = "no lease of this client is known";
  return make_nak(inquiry, "no lease of this client is known");
}

// RFC 2131 §4.3.3: "If the server receives a DHCPDECLINE message, the client has discovered through some
// other means that the suggested network address is already in use. The server MUST mark the network
// address as not available".
Verdict Responder::decline(Inquiry& inquiry, Instant now) {
  if (inquiry.names_another_server()) return Ignore{Drop::not_for_us, {}};
  auto address = inquiry.message.options.get<opt::RequestedAddress>();
  if (!address) return Ignore{Drop::malformed_request, "no requested address (option 50)"};
  inquiry.trace.address = *address;
  auto change = allocator_.decline(*address, inquiry.key, now);
  if (!change) return Ignore{Drop::nothing_to_release, address->to_string()};
  declines_.note(inquiry.client().mac, now);
  inquiry.trace.reason = fmt::format("{} is used by somebody else, in quarantine now", address->to_string());
  return Claim{std::move(*change), std::nullopt, Ignore{Drop::nothing_to_release, address->to_string()}};
}

// RFC 2131 §4.3.4: "Upon receipt of a DHCPRELEASE message, the server marks the network address as not
// allocated." There is no answer.
Verdict Responder::release(Inquiry& inquiry, Instant now) {
  if (inquiry.names_another_server()) return Ignore{Drop::not_for_us, {}};
  Ipv4 address = inquiry.message.ciaddr;
  inquiry.trace.address = address;
  auto change = allocator_.release(address, inquiry.key, now);
  if (!change) return Ignore{Drop::nothing_to_release, address.to_string()};
  inquiry.trace.reason = fmt::format("{} was given back", address.to_string());
  return Claim{std::move(*change), std::nullopt, Ignore{Drop::nothing_to_release, address.to_string()}};
}

// RFC 2131 §4.3.5: "The server responds to a DHCPINFORM message by sending a DHCPACK message directly to
// the address given in the 'ciaddr' field of the DHCPINFORM message. The server MUST NOT send a lease
// expiration time to the client and SHOULD NOT fill in 'yiaddr'."
Verdict Responder::inform(Inquiry& inquiry, Instant now) {
  const wire::DhcpMessage& message = inquiry.message;
  if (message.ciaddr.is_any() && message.giaddr.is_any()) return Ignore{Drop::inform_without_address, {}};
  const model::Subnet* own = subnet_in(inquiry.segment, message.ciaddr);
  const model::Subnet& subnet = own ? *own : inquiry.subnet();
  inquiry.trace.address = message.ciaddr;
  inquiry.trace.reason = "asked for options only";
  BootChoice boot = boot_for(inquiry, subnet, now);
  return make_reply(inquiry, {MessageType::ack, subnet, Ipv4::any(), std::nullopt}, boot);
}

// RFC 8925 §3.3: no address is set aside for a client that needs none, and 0.0.0.0 says so.
Verdict Responder::send_to_ipv6(Inquiry& inquiry, MessageType type) {
  const model::Subnet& subnet = inquiry.subnet();
  inquiry.trace.reason = "needs no IPv4 address: option 108 sends it to IPv6";
  return make_reply(inquiry, {type, subnet, Ipv4::any(), subnet.lease_time}, {});
}

// RFC 951 §7.3, RFC 1534 §2: there is one round and no lease time: the address is the client's for ever. A
// client that has an address wants a boot file alone. The file that the client asks for by name stands where
// we know of none that fits it better.
Verdict Responder::bootp(Inquiry& inquiry, Instant now) {
  Ipv4 has = inquiry.message.ciaddr;
  if (has.is_any()) {
    lease::Asker asker = asker_of(inquiry);
    auto offer = allocator_.offer(asker, now);
    if (!offer) return Ignore{drop_of(asker), {}};
    if (auto too_soon = moved_too_soon(asker, offer->address, now)) return *too_soon;
    return give(inquiry, asker, offer->address, now);
  }
  const model::Subnet* own = subnet_in(inquiry.segment, has);
  const model::Subnet& subnet = own ? *own : inquiry.subnet();
  inquiry.trace.address = has;
  BootChoice boot = boot_for(inquiry, subnet, now);
  inquiry.trace.reason = fmt::format("has an address; boot: {}", boot.note);
  return make_reply(inquiry, {std::nullopt, subnet, Ipv4::any(), std::nullopt}, boot);
}

/// An address that the client did not ask for by name: where it cannot be had after all, nobody is told NAK.
Verdict Responder::give(Inquiry& inquiry, const lease::Asker& asker, Ipv4 address, Instant now) {
  Claimed claimed = allocator_.claim(asker, address, now);
  if (!claimed) return Ignore{Drop::address_taken, std::string(sentence(claimed.error()))};
  Answer promised = promise(inquiry, *claimed, now);
  return Claim{std::move(*claimed), std::move(promised), Ignore{Drop::address_taken, address.to_string()}};
}

/// The running lease that the client would lose by a grant of this address.
const lease::Lease* Responder::moved_from(const lease::Asker& asker, Ipv4 to, Instant now) const {
  const lease::Lease* has = book_.of(asker.client, asker.spaces);
  return has && has->address != to && has->runs(now) ? has : nullptr;
}

/// Where one round is enough, a late copy of a request cannot be told from a machine that boots again, except
/// by time. Its client uses the address it was given, or is about to hear of it, and would not take another.
std::optional<Ignore> Responder::moved_too_soon(const lease::Asker& asker, Ipv4 to, Instant now) const {
  const lease::Lease* has = moved_from(asker, to, now);
  bool just_granted = has && has->granted <= now && now < has->granted + copies_last;
  if (!just_granted) return std::nullopt;
  return Ignore{Drop::just_granted, has->address.to_string()};
}

/// What is said once the change is durable.
Answer Responder::promise(Inquiry& inquiry, const lease::Change& change, Instant now) {
  Ipv4 address = change.lease.address;
  inquiry.trace.address = address;
  const model::Subnet& subnet = *subnet_in(inquiry.segment, address);
  BootChoice boot = boot_for(inquiry, subnet, now);
  if (boot.chains_ipxe) guard_.note(inquiry.client().mac, inquiry.message.xid, now);
  inquiry.trace.subnet = subnet.network;
  // By hand, as of an offer: a sentence about every packet must cost next to nothing.
  inquiry.trace.reason = "granted " + address.to_string() + "; boot: " + boot.note;
  if (inquiry.message.is_bootp()) {
    return make_reply(inquiry, {std::nullopt, subnet, address, std::nullopt}, boot);
  }
  bool at_once = inquiry.trace.asked == MessageType::discover;
  return make_reply(inquiry, {MessageType::ack, subnet, address, subnet.lease_time, at_once}, boot);
}

/// The claim of one address, with both things that may be said once the store has spoken.
Verdict Responder::grant(Inquiry& inquiry, Claimed claimed, Instant now) {
  if (!claimed) return refuse(inquiry, claimed.error());
  Answer ack = promise(inquiry, *claimed, now);
  return Claim{std::move(*claimed), std::move(ack),
               Nak{destination_of_nak(inquiry), sentence(Refusal::held_by_another)}};
}

/// A REQUEST that is meant for us and cannot be met: NAK, so that the client starts anew at once. Unless
/// its last one is still being written: then the client asks again, and will be told the truth.
Verdict Responder::refuse(Inquiry& inquiry, Refusal refusal) {
  if (refusal == Refusal::claim_in_flight) return Ignore{Drop::claim_in_flight, {}};
  inquiry.trace.reason = sentence(refusal);
  return make_nak(inquiry, sentence(refusal));
}

/// The client has or had this address, or it is reserved for it.
bool Responder::is_his(const Inquiry& inquiry, const lease::Asker& asker, Ipv4 address) const {
  for (const lease::Space& space : asker.spaces) {
    if (space.reserved == address) return true;
  }
  const lease::Lease* known = book_.at(address);
  return known && known->client == inquiry.key;
}

/// Option 82 of a client that talks to us past its relay, as it stands with its lease: it still is where the
/// relay saw it, and keeps its reservation and its classes.
std::optional<ByteView> Responder::kept_relay_option(const wire::DhcpMessage& message) const {
  bool past_relay = message.giaddr.is_any() && !message.options.has(opt::RelayAgent::code);
  if (!past_relay || message.ciaddr.is_any()) return std::nullopt;
  const lease::Lease* lease = book_.at(message.ciaddr);
  if (!lease || lease->relay.empty()) return std::nullopt;
  for (auto identify : {model::Identify::mac, model::Identify::client_id}) {
    if (client_key(message, identify) == lease->client) return ByteView(lease->relay);
  }
  return std::nullopt;
}

bool Responder::has_another(const lease::Asker& asker, Instant now) const {
  for (const lease::Space& space : asker.spaces) {
    if (space.reserved) return true;
  }
  const lease::Lease* known = book_.of(asker.client, asker.spaces);
  return known && known->runs(now);
}

BootChoice Responder::boot_for(Inquiry& inquiry, const model::Subnet& subnet, Instant now) {
  const model::Client& client = inquiry.client();
  bool may_chain = client.stage == model::Stage::ipxe && guard_.allows(client.mac, inquiry.message.xid, now);
  BootChoice boot = choose_boot(inquiry, subnet, loaders_, may_chain);
  if (inquiry.message.is_bootp() && boot.file.empty() && !inquiry.message.file.empty()) {
    boot.file = inquiry.message.file;
    boot.note = "the file it asked for";
    if (boot.next_server.is_any()) boot.next_server = inquiry.arrival.local;
  }
  inquiry.trace.boot_file = printable(boot.file);
  inquiry.trace.own_disk = boot.own_disk;
  return boot;
}

}  // namespace slipway::dhcp
