// SPDX-License-Identifier: MPL-2.0
#include "server/dhcp_service.h"

#include <fmt/format.h>

#include "base/cases.h"
#include "dhcp/identify.h"
#include "server/dhcp_events.h"
#include "server/loaders_here.h"

namespace slipway::server {
namespace {

/// Packets answered before the thread looks at what else there is: two milliseconds of work at most.
constexpr int served_per_turn = 256;

bool boots(model::Stage stage) {
  return stage != model::Stage::unknown && stage != model::Stage::operating_system;
}

}  // namespace

DhcpService::DhcpService(Parts parts, std::shared_ptr<const model::Plan> plan,
                         std::vector<net::Interface> interfaces)
    : parts_(std::move(parts)),
      plan_(std::move(plan)),
      interfaces_(std::move(interfaces)),
      responder_(plan_, loaders_here(*plan_), parts_.book),
      sockets_({parts_.reactor, parts_.metrics, parts_.log,
                [this](const net::Datagram& datagram, dhcp::Arrival arrival) {
                  take(datagram, std::move(arrival));
                },
                [this] { serve(); }}),
      prober_({.reactor = parts_.reactor,
               .metrics = parts_.metrics,
               .log = parts_.log,
               .interfaces = interfaces_,
               .say = [this](dhcp::Pending held) { say(std::move(held)); },
               .in_use = [this](dhcp::Pending held, auto found) { offer_another(std::move(held), found); },
               .superseded =
                   [this](const dhcp::Pending& held) {
                     drop({dhcp::Drop::superseded, ""}, held.trace);
                   },
               .done = [this] { end_turn(); }}),
      watch_({.reactor = parts_.reactor,
              .metrics = parts_.metrics,
              .log = parts_.log,
              .record = parts_.record,
              .interfaces = interfaces_,
              .settled = [this] { call_in(); }}),
      serve_more_(parts_.reactor, [this] { serve(); }),
      received_(
          parts_.metrics.counter("slipway_dhcp_received_total", {}, "DHCP and BOOTP datagrams received")),
      waiting_packets_(
          parts_.metrics.gauge("slipway_dhcp_waiting_packets", {}, "Packets received and not yet looked at")),
      outcomes_(parts_.reactor, parts_.committer.fd(), [this] { settle_claims(); }) {
  for (dhcp::Drop why : dhcp::all_drops()) {
    drops_[static_cast<std::size_t>(why)] = &parts_.metrics.counter(
        "slipway_dhcp_drops_total", fmt::format("reason=\"{}\"", dhcp::to_string(why)),
        "Packets not answered, by reason");
  }
  refresh_rules();
  sockets_.open(*plan_, interfaces_);
  watch_.serve(*plan_);
}

void DhcpService::publish(std::shared_ptr<const model::Plan> plan) {
  plan_ = std::move(plan);
  responder_.publish(plan_, loaders_here(*plan_));
  refresh_rules();
  open_more_ports();
  watch_.serve(*plan_);
}

void DhcpService::use(std::vector<net::Interface> interfaces) {
  interfaces_ = std::move(interfaces);
  refresh_rules();
  open_more_ports();
  watch_.serve(*plan_);
}

void DhcpService::refresh_rules() {
  std::vector<Ipv4> own;
  for (const net::Interface& interface : interfaces_) {
    for (const net::InterfaceAddress& at : interface.ipv4) own.push_back(at.address);
  }
  parts_.book.set_rules(lease::Rules::from(*plan_, own), parts_.reactor.now().wall);
}

/// While running a port that cannot be had is no reason to stop serving the others.
void DhcpService::open_more_ports() {
  try {
    sockets_.open(*plan_, interfaces_);
  } catch (const StartupError& error) {
    parts_.log->error("{}", error.what());
  }
}

void DhcpService::take(const net::Datagram& datagram, dhcp::Arrival arrival) {
  received_.add();
  auto message = datagram.truncated ? Result<wire::DhcpMessage, wire::DhcpError>(wire::DhcpError::too_long)
                                    : wire::parse_dhcp(datagram.bytes);
  if (!message) {
    auto sender = dhcp::sender_of(datagram.bytes);
    return drop_unheard({dhcp::drop_of(message.error()), "from " + datagram.from.to_string()}, sender);
  }
  if (net::is_own_address(interfaces_, message->giaddr))  // its answer would come back here
    return discard({{std::move(*message), std::move(arrival)}, dhcp::Drop::own_packet});
  if (watch_.is_ours(*message, arrival.interface))
    return drop_unheard({dhcp::Drop::own_question, "by relay " + message->giaddr.to_string()}, std::nullopt);
  auto gone = intake_.push({std::move(*message), std::move(arrival)});
  if (gone) discard(*gone);
}

void DhcpService::serve() {
  for (int served = 0; served < served_per_turn; ++served) {
    auto packet = intake_.pop();
    if (!packet) break;
    handle(std::move(*packet));
  }
  end_turn();
  waiting_packets_.set(intake_.size());
  if (!intake_.empty()) serve_more_.after(Duration::zero());
}

void DhcpService::handle(dhcp::Packet&& packet) {
  Now now = parts_.reactor.now();
  tell_company(packet.arrival);
  auto handled = responder_.handle(packet.message, packet.arrival, now.wall);
  if (boots(handled.trace.client.stage)) parts_.clients.learn(handled.trace.client);
  if (!handled.trace.machine.empty()) parts_.call(handled.trace.client.mac, handled.trace.machine);
  told_.push_back(event_of_request(handled.trace));
  parts_.log->debug("{}", handled.trace.reason);
  carry_out(std::move(handled), std::move(packet), now.tick);
}

void DhcpService::carry_out(dhcp::Handled&& handled, dhcp::Packet&& packet, Tick heard) {
  std::visit(
      Cases{[&](dhcp::Ignore& ignore) {
              if (ignore.why != dhcp::Drop::looking_for_servers) return drop(ignore, handled.trace);
              auto displaced = waiting_room_.admit({std::move(packet), std::move(handled.trace), heard});
              if (displaced) drop({displaced->why, ""}, displaced->waiter.trace);
            },
            [&](dhcp::Answer& reply) {
              if (!reply.probe) return answer(reply, handled.trace, packet.arrival);
              prober_.offer({std::move(packet), std::move(reply), std::move(handled.trace), heard});
            },
            [&](dhcp::Claim& wanted) { claim(wanted, handled.trace, packet.arrival); }},
      handled.verdict);
}

void DhcpService::tell_company(dhcp::Arrival& arrival) const {
  arrival.company = watch_.servers().company(arrival.interface);
  if (arrival.company != dhcp::Company::beside) return;
  if (auto* rival = watch_.servers().rival(arrival.interface)) arrival.rival = rival->to_string();
}

/// Who waited until it was known whether another server gives addresses; on another link that may take
/// longer.
void DhcpService::call_in() {
  for (dhcp::Waiter& waiter : waiting_room_.leave()) {
    dhcp::Packet& packet = waiter.packet;
    tell_company(packet.arrival);
    auto handled = responder_.handle(packet.message, packet.arrival, parts_.reactor.now().wall);
    // That it waited for us is no reason to offer it an address unprobed.
    carry_out(std::move(handled), std::move(packet), parts_.reactor.now().tick);
  }
  end_turn();
}

/// An OFFER that waited for the wire. Its address may be another client's by now, or no plan's any more.
void DhcpService::say(dhcp::Pending held) {
  if (responder_.stands(held.offer)) return answer(held.offer, held.trace, held.packet.arrival);
  auto handled = responder_.handle(held.packet.message, held.packet.arrival, parts_.reactor.now().wall);
  carry_out(std::move(handled), std::move(held.packet), held.heard);
}

/// Somebody has the address that was about to be offered: nobody gets it for a while, and the client is
/// offered another one at once.
void DhcpService::offer_another(dhcp::Pending held, std::optional<MacAddress> found) {
  const dhcp::Probe& probe = *held.offer.probe;
  Now now = parts_.reactor.now();
  told_.push_back(event_of_conflict(held, found));
  auto change = lease::Allocator(parts_.book)
                    .quarantine(probe.address, probe.subnet, found.value_or(MacAddress{}), now.wall);
  if (change && !post(std::move(*change))) return drop({dhcp::Drop::claim_queue_full, ""}, held.trace);
  auto handled = responder_.handle(held.packet.message, held.packet.arrival, now.wall);
  // Each one found in use brings the end nearer: who answers for everything under ever new names would have
  // one DISCOVER empty the pool.
  carry_out(std::move(handled), std::move(held.packet), held.heard - dhcp::Probes::cost_of_one_in_use);
}

/// Takes the claim and what there is to tell about it, once it is on its way to the store.
void DhcpService::claim(dhcp::Claim& wanted, dhcp::Trace& trace, const dhcp::Arrival& arrival) {
  auto ticket = post(std::move(wanted.change));
  if (!ticket) return drop({dhcp::Drop::claim_queue_full, ""}, trace);
  waiting_.try_emplace(*ticket, std::move(wanted), std::move(trace), arrival);
}

/// Sends a change to the store; nothing when too many wait there.
std::optional<store::Ticket> DhcpService::post(lease::Change change) {
  store::Ticket ticket = ++tickets_;
  if (parts_.committer.post(ticket, std::move(change))) return ticket;
  parts_.book.settle(change, lease::Outcome::failed("the commit queue is full"), parts_.reactor.now().wall);
  return std::nullopt;
}

bool DhcpService::forget(Ipv4 address) {
  auto change = lease::Allocator(parts_.book).forget(address, parts_.reactor.now().wall);
  if (!change || !post(std::move(*change))) return false;
  parts_.committer.hand_over();
  return true;
}

bool DhcpService::change(lease::Change change, Told then) {
  auto ticket = post(std::move(change));
  if (!ticket) return false;
  listeners_.emplace(*ticket, std::move(then));
  parts_.committer.hand_over();
  return true;
}

void DhcpService::settle_claims() {
  Instant now = parts_.reactor.now().wall;
  for (store::Committer::Done& done : parts_.committer.drain()) {
    parts_.book.settle(done.change, done.outcome, now);
    if (!done.outcome.reason.empty()) parts_.log->error("lease store: {}", done.outcome.reason);
    auto waiting = waiting_.extract(done.ticket);
    if (auto listener = listeners_.extract(done.ticket)) listener.mapped()(done.outcome);
    if (waiting.empty()) continue;  // ours or the operator's own change: nobody is answered
    Waiting& asked = waiting.mapped();
    std::visit(Cases{[](std::monostate) {}, [&](const dhcp::Ignore& ignore) { drop(ignore, asked.trace); },
                     [&](const dhcp::Answer& reply) { answer(reply, asked.trace, asked.arrival); }},
               dhcp::settle(std::move(asked.claim), done.outcome));
  }
  end_turn();
}

/// Claims to the store and answers to the clients first; what there is to tell about them has time.
void DhcpService::end_turn() {
  parts_.committer.hand_over();
  sockets_.flush();
  for (timeline::Event& event : told_) parts_.record(std::move(event));
  told_.clear();
}

void DhcpService::drop(const dhcp::Ignore& ignore, const dhcp::Trace& trace) {
  drops_[static_cast<std::size_t>(ignore.why)]->add();
  told_.push_back(event_of_drop(ignore, trace));
}

/// Bytes that are no message for anybody; `sender`: where they tell.
void DhcpService::drop_unheard(const dhcp::Ignore& ignore, const std::optional<MacAddress>& sender) {
  drops_[static_cast<std::size_t>(ignore.why)]->add();
  told_.push_back(event_of_unheard(ignore, sender));
}

/// What had to go unheard is told like any other packet: who asked for what, and why there is no answer.
void DhcpService::discard(const dhcp::Intake::Discarded& discarded) {
  dhcp::Trace trace;
  trace.asked = discarded.packet.message.options.get<wire::opt::MessageType>();
  trace.bootp = discarded.packet.message.is_bootp();
  dhcp::Identity identity = dhcp::identify(discarded.packet.message);
  trace.client = std::move(identity.client);
  trace.known_by = identity.known_by;
  told_.push_back(event_of_request(trace));
  drop({discarded.why, {}}, trace);
}

/// Whose the address is from here on: an ACK, or an answer to BOOTP, which has no type, gives it.
void DhcpService::learn_address(const dhcp::Answer& reply, model::Client client) {
  client.address = reply.message.yiaddr;
  auto type = reply.message.options.get<wire::opt::MessageType>();
  bool given = !type || type == wire::MessageType::ack;
  if (!boots(client.stage)) {
    if (given) parts_.clients.note_given(client.mac, client.address);
    return;
  }
  given ? parts_.clients.learn_given(client) : parts_.clients.learn(client);
}

void DhcpService::answer(const dhcp::Answer& reply, const dhcp::Trace& trace, const dhcp::Arrival& arrival) {
  wire::Serialized datagram = wire::serialize(reply.message, reply.max_size);
  if (!datagram.left_out.empty()) {
    parts_.log->warn("{} of {} options did not fit the answer to {}: {}", datagram.left_out.size(),
                     reply.message.options.entries().size(), trace.client.mac.to_string(),
                     names_of_options(datagram.left_out));
  }
  if (!reply.message.yiaddr.is_any()) learn_address(reply, trace.client);
  told_.push_back(event_of_answer(reply, trace, datagram.left_out));
  sockets_.send(reply, std::move(datagram.bytes), arrival);
}

}  // namespace slipway::server
