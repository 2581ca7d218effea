// SPDX-License-Identifier: MPL-2.0
#include "fetch.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "wire/tftp_packet.h"

namespace slipway::bench {
namespace {
constexpr Nanoseconds patience = 1'000'000'000;
constexpr unsigned most_tries = 5;
}  // namespace

Fetch::Fetch(const Wish& wish, Endpoint server, Nanoseconds now)
    : wish_(wish), server_(server), began_(now), heard_(now) {}

void Fetch::ask(const Say& say, Nanoseconds now) {
  wire::TftpRequest request{false, wish_.name, "octet", {}};
  if (wish_.block != 512) request.options.push_back({"blksize", std::to_string(wish_.block)});
  if (wish_.window != 1) request.options.push_back({"windowsize", std::to_string(wish_.window)});
  heard_ = now;
  say(server_, serialize(request));
}

void Fetch::take(ByteView packet, Endpoint from, const Say& say, Nanoseconds now) {
  if (state_ != State::running || packet.size() < 4) return;
  if (peer_ == Endpoint{}) peer_ = from;
  if (from != peer_) return;  // a second transfer of the same request: its server will find out
  auto opcode = static_cast<wire::TftpOpcode>(packet[0] << 8 | packet[1]);
  if (opcode == wire::TftpOpcode::data) {
    take_data(static_cast<std::uint16_t>(packet[2] << 8 | packet[3]), packet.subspan(4), say, now);
  } else if (opcode == wire::TftpOpcode::oack) {
    heard_ = now;
    take_oack(packet, say);
  } else if (auto error = wire::parse_tftp(packet);
             error && std::holds_alternative<wire::TftpError>(*error)) {
    fail(std::get<wire::TftpError>(*error).text);
  }
}

void Fetch::take_oack(ByteView packet, const Say& say) {
  auto parsed = wire::parse_tftp(packet);
  auto* oack = parsed ? std::get_if<wire::TftpOack>(&*parsed) : nullptr;
  if (!oack) return fail("an OACK that is none");
  if (auto* value = find_option(oack->options, "blksize")) block_ = static_cast<unsigned>(std::stoul(*value));
  if (auto* value = find_option(oack->options, "windowsize"))
    window_ = static_cast<unsigned>(std::stoul(*value));
  if (expected_ == 1) acknowledge(say);
}

void Fetch::take_data(std::uint16_t block, ByteView payload, const Say& say, Nanoseconds now) {
  auto ahead = static_cast<std::int16_t>(block - static_cast<std::uint16_t>(expected_));
  if (ahead != 0) {
    // RFC 7440 section 4: the last block before a gap, once; and an ACK that was lost.
    bool new_gap = ahead > 0 && window_ > 1 && gap_ != expected_;
    if (new_gap) gap_ = expected_;
    if (new_gap || ahead == -1) acknowledge(say);
    return;
  }
  std::size_t wanted = std::min<std::size_t>(block_, wish_.content.size() - bytes_);
  if (payload.size() != wanted || !std::equal(payload.begin(), payload.end(),
                                              wish_.content.begin() + static_cast<std::ptrdiff_t>(bytes_)))
    return fail(fmt::format("block {} is not the file's", expected_));
  heard_ = now;
  tries_ = 0;
  gap_ = 0;
  bytes_ += payload.size();
  bool last = payload.size() < block_;
  ++expected_;
  if (last || expected_ - 1 - acked_ >= window_) acknowledge(say);
  if (last) state_ = State::complete;
}

void Fetch::acknowledge(const Say& say) {
  acked_ = expected_ - 1;
  const std::uint8_t ack[] = {0, 4, static_cast<std::uint8_t>(acked_ >> 8),
                              static_cast<std::uint8_t>(acked_)};
  say(peer_, ack);
}

bool Fetch::look_at_clock(const Say& say, Nanoseconds now) {
  if (state_ != State::running || now - heard_ < patience) return false;
  if (++tries_ > most_tries) {
    fail("silence");
  } else if (peer_ == Endpoint{}) {
    ask(say, now);
  } else {
    heard_ = now;
    gap_ = 0;
    acknowledge(say);
  }
  return true;
}

void Fetch::fail(std::string why) {
  state_ = State::failed;
  why_ = std::move(why);
}

}  // namespace slipway::bench
