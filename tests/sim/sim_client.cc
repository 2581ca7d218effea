// SPDX-License-Identifier: MPL-2.0
#include "sim/sim_client.h"

#include <algorithm>

#include "sim/sim_network.h"

namespace slipway::sim {

using std::chrono::seconds;
using wire::DhcpMessage;
using wire::MessageType;
namespace opt = wire::opt;

namespace {

/// DHCP cannot tell a packet that was delayed from one that was just sent: after it gave an address up, or
/// was refused one, a client waits until no packet of its past is on the way.
constexpr Duration silence = SimNetwork::latest + seconds{1};
constexpr int most_tries = 4;

}  // namespace

void SimClient::switch_on() {
  program_ = Program::rom;
  discover();
}

void SimClient::enter(State state) {
  state_ = state;
  ++era_;
  tries_ = 0;
  xid_ = static_cast<std::uint32_t>(random_.next());
}

void SimClient::retry(Duration wait, void (SimClient::*again)()) {
  scheduler_.after(wait, [this, again, era = era_] {
    if (era == era_) (this->*again)();
  });
}

void SimClient::rest_then(void (SimClient::*next)()) {
  enter(State::off);
  retry(silence + seconds_up_to(5), next);
}

DhcpMessage SimClient::message(MessageType type) {
  DhcpMessage made;
  made.set_mac(mac_);
  made.xid = xid_;
  made.options.set<opt::MessageType>(type);
  dress(made);
  return made;
}

/// One machine, three programs, three client identifiers.
void SimClient::dress(DhcpMessage& message) const {
  wire::Options& options = message.options;
  if (program_ == Program::system) {
    options.set<opt::ClientId>({0xff, mac_.bytes[4], mac_.bytes[5], 0, 0, 0, 1});
    return;
  }
  options.set<opt::VendorClass>("PXEClient:Arch:00000:UNDI:002001");
  options.set<opt::ClientArch>({0});
  if (program_ == Program::rom) return;
  options.set_raw(opt::UserClass::code, {'i', 'P', 'X', 'E'});
  options.set<opt::ClientId>(
      {1, mac_.bytes[0], mac_.bytes[1], mac_.bytes[2], mac_.bytes[3], mac_.bytes[4], mac_.bytes[5]});
}

void SimClient::start_next_program() {
  program_ = program_ == Program::rom ? Program::ipxe : Program::system;
  stop_using();
  former_ = address_;
  discover();
}

void SimClient::discover() {
  // A lease taken in one round counts from the DISCOVER: who asks for longer than a lease lasts asks anew.
  if (state_ != State::selecting || tries_ == most_tries) {
    enter(State::selecting);
    asked_ = scheduler_.now();
  }
  DhcpMessage discover = message(MessageType::discover);
  if (speaks_bootp()) discover.options.remove(opt::MessageType::code);
  if (is_in_a_hurry()) discover.options.set<opt::RapidCommit>({});
  send_(discover, std::nullopt);
  retry(seconds{2 << tries_++}, &SimClient::discover);
}

void SimClient::request() {
  if (state_ != State::requesting) {
    std::uint32_t same_xid = xid_;  // RFC 2131 §4.4.1: the REQUEST has the xid of the OFFER
    enter(State::requesting);
    xid_ = same_xid;
    asked_ = scheduler_.now();
  }
  if (tries_++ == most_tries) return rest_then(&SimClient::discover);
  DhcpMessage request = message(MessageType::request);
  request.options.set<opt::RequestedAddress>(address_);
  request.options.set<opt::ServerId>(server_);
  send_(request, std::nullopt);
  retry(seconds{tries_ * 2}, &SimClient::request);
}

void SimClient::reboot_with_memory() {
  if (state_ != State::rebooting) {
    enter(State::rebooting);
    asked_ = scheduler_.now();
  }
  if (tries_++ == most_tries) return rest_then(&SimClient::discover);
  DhcpMessage request = message(MessageType::request);
  request.options.set<opt::RequestedAddress>(address_);
  send_(request, std::nullopt);
  retry(seconds{2}, &SimClient::reboot_with_memory);
}

void SimClient::renew() {
  Instant now = scheduler_.now();
  if (now >= ends_) {
    laws_.lost_its_lease();
    stop_using();
    return rest_then(&SimClient::discover);
  }
  State state = now < rebind_at_ ? State::renewing : State::rebinding;
  if (state_ != state) {
    enter(state);
    asked_ = now;
  }
  DhcpMessage request = message(MessageType::request);
  request.ciaddr = address_;
  send_(request, state == State::renewing ? std::optional(server_) : std::nullopt);
  retry(std::min<Duration>(seconds{5}, ends_ - now), &SimClient::renew);
}

void SimClient::receive(const DhcpMessage& reply) {
  if (reply.xid != xid_) return;
  auto type = reply.options.get<opt::MessageType>();
  if (state_ == State::selecting && speaks_bootp()) return bind_for_ever(reply);
  // RFC 4039 §4: with this option an ACK answers a DISCOVER. Who took an OFFER since waits for another.
  if (type == MessageType::ack && reply.options.has(opt::RapidCommit::code)) {
    if (state_ != State::selecting) return;
    check_is_the_same(reply.yiaddr);
    return bind(reply);
  }
  if (type == MessageType::offer && state_ == State::selecting) {
    check_is_the_same(reply.yiaddr);
    address_ = reply.yiaddr;
    server_ = reply.options.get<opt::ServerId>().value();
    return request();
  }
  bool asked = state_ == State::requesting || state_ == State::rebooting || state_ == State::renewing ||
               state_ == State::rebinding;
  if (!asked) return;
  if (type == MessageType::ack) return bind(reply);
  if (type != MessageType::nak) return;
  if (is_bound() && ends_ > scheduler_.now()) laws_.refused_while_using(mac_, address_);
  stop_using();
  rest_then(&SimClient::discover);
}

void SimClient::check_is_the_same(Ipv4 offered) {
  if (former_ && ends_ > scheduler_.now()) laws_.offered_again(mac_, *former_, offered);
  former_.reset();
}

void SimClient::bind_for_ever(const DhcpMessage& reply) {
  address_ = reply.yiaddr;
  ends_ = lease::forever;
  enter(State::bound);
  laws_.uses(mac_, address_, ends_);
  if (!calm_) retry(seconds_up_to(10), &SimClient::start_next_program);
}

void SimClient::bind(const DhcpMessage& ack) {
  auto lease_time = ack.options.get<opt::LeaseTime>().value();
  if (asked_ + lease_time <= scheduler_.now()) return;
  address_ = ack.yiaddr;
  server_ = ack.options.get<opt::ServerId>().value();
  renew_at_ = asked_ + ack.options.get<opt::RenewalTime>().value();
  rebind_at_ = asked_ + ack.options.get<opt::RebindingTime>().value();
  ends_ = asked_ + lease_time;
  enter(State::bound);
  laws_.uses(mac_, address_, ends_);
  // RFC 5227: it asks the wire before it uses an address, and does not always hear the answer.
  if (laws_.is_squatted(address_) && happens(90)) return decline();
  if (!calm_ && happens(1)) return decline();
  live_on();
}

/// What a machine does with the address it got.
void SimClient::live_on() {
  Instant now = scheduler_.now();
  Duration until_renewal = std::max<Duration>(renew_at_ - now, seconds{1});
  if (calm_) return retry(until_renewal, &SimClient::renew);
  if (program_ != Program::system) {  // the next program starts, and starts over
    return retry(seconds_up_to(10), &SimClient::start_next_program);
  }
  switch (random_.below(4)) {
    case 0:
      return retry(seconds_up_to(60), &SimClient::release);
    case 1:
      return retry(seconds_up_to(60), &SimClient::lose_power);
    default:
      return retry(until_renewal, &SimClient::renew);
  }
}

void SimClient::release() {
  DhcpMessage goodbye = message(MessageType::release);
  goodbye.ciaddr = address_;
  goodbye.options.set<opt::ServerId>(server_);
  stop_using();
  send_(goodbye, server_);
  rest_then(&SimClient::switch_on);
}

void SimClient::decline() {
  DhcpMessage conflict = message(MessageType::decline);
  conflict.options.set<opt::RequestedAddress>(address_);
  conflict.options.set<opt::ServerId>(server_);
  stop_using();
  send_(conflict, std::nullopt);
  rest_then(&SimClient::discover);
}

void SimClient::lose_power() {
  stop_using();
  bool remembers = happens(50);
  enter(State::off);
  Duration dark = happens(20) ? seconds{120} + seconds_up_to(120) : seconds_up_to(20);
  retry(dark, remembers ? &SimClient::reboot_with_memory : &SimClient::switch_on);
}

void SimClient::stop_using() {
  laws_.leaves(mac_, address_);
}

}  // namespace slipway::sim
