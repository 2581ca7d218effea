// SPDX-License-Identifier: MPL-2.0
#include "walk/dialogue.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/random.h"
#include "wire/pxe_options.h"

namespace slipway::walk {
namespace {

using wire::DhcpMessage;
using wire::MessageType;
namespace opt = wire::opt;

constexpr unsigned most_naks = 3;
constexpr Duration proxy_wait = std::chrono::seconds(2);  // iPXE: DHCP_DISC_PROXY_TIMEOUT_SEC

Agreed terms_of(const DhcpMessage& message) {
  Agreed terms;
  terms.address = message.yiaddr;
  terms.server = message.options.get<opt::ServerId>().value_or(Ipv4{});
  // Firmware without siaddr takes the server itself.
  terms.next_server = message.siaddr.is_any() ? terms.server : message.siaddr;
  terms.file = message.options.get<opt::BootFileName>().value_or(message.file);
  while (terms.file.ends_with('\xff')) terms.file.pop_back();
  return terms;
}

/// The server says that no proxy will come: option 60, or iPXE's own (175, sub-option 176).
bool rules_out_a_proxy(const DhcpMessage& offer) {
  if (offer.options.get<opt::VendorClass>()) return true;
  auto value = offer.options.raw(opt::IpxeFeatures::code);
  auto own = value ? wire::parse_suboptions(*value) : std::nullopt;
  auto none = own ? own->raw(wire::IpxeOptions::no_proxy_dhcp_code) : std::nullopt;
  return none && none->size() == 1 && (*none)[0] == 1;
}

}  // namespace

Dialogue::Dialogue(const Program& program, const Identity& who, std::uint32_t xid, bool eager, Tick now)
    : program_(program), who_(who), xid_(xid), eager_(eager), begun_(now), deadline_(now) {
  discover(now);
}

void Dialogue::discover(Tick now) {
  state_ = State::discovering;
  tries_ = 0;
  say(now);
}

void Dialogue::request(Tick now) {
  state_ = State::requesting;
  tries_ = 0;
  say(now);
}

void Dialogue::say(Tick now) {
  bool asks = state_ == State::requesting;
  DhcpMessage message = message_of(program_, who_, asks ? MessageType::request : MessageType::discover, xid_);
  message.secs = static_cast<std::uint16_t>(
      std::min<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(now - begun_).count(), 0xffff));
  if (asks) {
    message.options.set<opt::ServerId>(offer_.server);
    message.options.set<opt::RequestedAddress>(offer_.address);
  }
  out_.push_back(std::move(message));
  deadline_ = now + patience();
}

/// RFC 2131 §4.1: give or take a second, so that a rack that was not heard does not ask in chorus again. What
/// a machine draws depends on nothing but its transaction id and the try.
Duration Dialogue::patience() const {
  Duration wait = program_.waits[std::min<std::size_t>(tries_, program_.waits.size() - 1)];
  Duration spread = std::min<Duration>(wait / 4, std::chrono::seconds(1));
  SeededRandom random(std::uint64_t{xid_} << 8 | tries_);
  auto drawn = random.below(2 * static_cast<std::uint64_t>(spread.count()));
  return wait - spread + Duration(static_cast<std::int64_t>(drawn));
}

void Dialogue::tick(Tick now) {
  if (over() || now < deadline_) return;
  if (state_ == State::listening) return request(now);
  if (++tries_ < program_.waits.size()) {
    ++again_;
    return say(now);
  }
  failed_ = state_ == State::discovering
                ? fmt::format("no server answered {} DISCOVERs", tries_)
                : fmt::format("{} made an offer and answered no REQUEST for it", offer_.server.to_string());
}

void Dialogue::receive(const DhcpMessage& message, Tick now) {
  if (over() || message.op != wire::Op::boot_reply || message.xid != xid_ || message.mac() != who_.mac)
    return;
  auto type = message.options.get<opt::MessageType>();
  bool asked = state_ == State::requesting;
  if (type == MessageType::offer && !asked) take_offer(message, now);
  if (type == MessageType::ack && asked) take_ack(message);
  if (type == MessageType::nak && asked) take_nak(now);
}

void Dialogue::take_offer(const DhcpMessage& message, Tick now) {
  Agreed terms = terms_of(message);
  if (terms.server.is_any()) return;
  if (terms.address.is_any()) {
    proxy_ = terms;
    return;
  }
  if (state_ == State::listening) return;  // the first is taken
  if (!offered_) offered_ = now;
  offer_ = terms;
  Duration wait = program_.collects;
  if (program_.waits_for_proxy && !rules_out_a_proxy(message)) wait = proxy_wait;
  if (eager_ || wait == Duration(0)) return request(now);
  state_ = State::listening;
  deadline_ = std::max(begun_ + wait, now);
}

void Dialogue::take_ack(const DhcpMessage& message) {
  Agreed terms = terms_of(message);
  if (terms.address.is_any() || terms.server != offer_.server) return;
  if (terms.file.empty()) {
    terms.file = proxy_.file;
    if (!proxy_.file.empty()) terms.next_server = proxy_.next_server;
  }
  agreed_ = terms;
}

/// RFC 2131 §3.1 step 5: from the beginning.
void Dialogue::take_nak(Tick now) {
  if (++naks_ < most_naks) {
    ++again_;
    return discover(now);
  }
  failed_ = fmt::format("{} NAKs from {}", naks_, offer_.server.to_string());
}

}  // namespace slipway::walk
