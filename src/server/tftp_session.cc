// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_session.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace slipway::server {
namespace {

constexpr const char* port_closed = "the client has closed its port";

bool is_our_ending(tftp::Ending ending) {
  return ending == tftp::Ending::aborted || ending == tftp::Ending::timed_out;
}

}  // namespace

TftpSession::TftpSession(Parts parts, std::function<void()> on_end)
    : reactor_(parts.reactor),
      turns_(parts.turns),
      pace_(std::move(parts.pace)),
      room_(parts.room),
      content_(std::move(parts.content), room_.reading),
      transfer_(content_.size(), parts.terms, reactor_.now().tick, parts.patience),
      on_end_(std::move(on_end)),
      line_(parts.open_line(*this)),
      timer_(reactor_, [this] {
        transfer_.tick(reactor_.now().tick);
        go_on();
      }) {}

TftpSession::~TftpSession() {
  if (in_turn_) turns_.forget(*this);
}

void TftpSession::request_repeated() {
  transfer_.request_repeated(reactor_.now().tick);
  go_on();
}

void TftpSession::hear(const wire::TftpPacket& packet) {
  transfer_.receive(packet, reactor_.now().tick);
  go_on();
}

void TftpSession::client_left(std::string why) {
  transfer_.client_left(std::move(why), reactor_.now().tick);
  go_on();
}

void TftpSession::abort(std::string why) {
  transfer_.abort(std::move(why), reactor_.now().tick);
  go_on();
}

void TftpSession::heard(std::span<const net::Datagram> batch) {
  Tick now = reactor_.now().tick;
  for (const net::Datagram& datagram : batch) {
    if (auto packet = wire::parse_tftp(datagram.bytes)) transfer_.receive(*packet, now);
  }
  if (line_->take_error().value() == ECONNREFUSED) transfer_.client_left(port_closed, now);
  go_on();
}

void TftpSession::writable() {
  line_full_ = false;
  line_->want_write(false);
  go_on();
}

void TftpSession::take_turn() {
  in_turn_ = false;
  if (!line_full_) send_some();
  if (transfer_.outcome()) return end();
  if (!in_turn_) timer_.at(transfer_.deadline());
}

/// Whoever waits for its turn waits for no answer: its clock stands still.
void TftpSession::go_on() {
  std::array<tftp::Packet, 1> first;
  if (!transfer_.outcome() && !in_turn_ && !line_full_ && transfer_.pending(first) > 0) {
    if (waits_for_turns()) {
      turns_.wait(*this);
      in_turn_ = true;
    } else {
      send_some();
    }
  }
  if (transfer_.outcome()) return end();
  in_turn_ ? timer_.cancel() : timer_.at(transfer_.deadline());
}

bool TftpSession::waits_for_turns() const {
  return transfer_.window() > 1 && transfer_.bytes_acknowledged() > TftpTurns::free_start;
}

/// One portion; what is left waits for the socket or for the next turn.
void TftpSession::send_some() {
  auto& packets = room_.packets;
  std::size_t portion =
      std::clamp<std::size_t>(pace_.portion(TftpTurns::portion) / transfer_.block_size(), 1, packets.size());
  std::size_t count = transfer_.pending({packets.data(), portion});
  if (count == 0) return;
  std::span<const tftp::Packet> some(packets.data(), count);
  Tick now = reactor_.now().tick;
  if (!pace_.take(some, left(), now)) return wait_for_bandwidth(some);
  std::size_t sent = send_batch(some);
  pace_.give_back(some.subspan(sent), now);
  transfer_.sent(sent, now);
  if (transfer_.outcome()) return;
  if (sent < count) {
    line_full_ = true;
    line_->want_write(true);
  } else if (transfer_.pending({packets.data(), 1}) > 0) {
    turns_.wait(*this);
    in_turn_ = true;
  }
}

void TftpSession::wait_for_bandwidth(std::span<const tftp::Packet> packets) {
  in_turn_ = true;
  pace_.wait(packets, left(), [this, since = reactor_.now().tick] {
    transfer_.held_up(reactor_.now().tick - since);
    take_turn();
  });
}

std::size_t TftpSession::send_batch(std::span<const tftp::Packet> packets) {
  auto& train = room_.train;
  std::uint64_t first = packets.front().offset;
  std::size_t length = packets.back().offset + packets.back().length - first;
  auto bytes = content_.slice(first, length);
  if (!bytes) {
    transfer_.abort("the file was cut short or cannot be read any more", reactor_.now().tick);
    return 0;
  }
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const tftp::Packet& packet = packets[i];
    train[i] = packet.header_size == 0 ? net::Gather{packet.oack, {}}
                                       : net::Gather{{packet.header.data(), packet.header_size},
                                                     bytes->subspan(packet.offset - first, packet.length)};
  }
  std::size_t sent = line_->send({train.data(), packets.size()});
  auto error = line_->take_error();
  if (!error) return sent;
  if (error.value() == ECONNREFUSED) transfer_.client_left(port_closed, reactor_.now().tick);
  return packets.size();  // no route, a firewall: lost, and sent again when the time comes
}

void TftpSession::end() {
  const tftp::Outcome& outcome = *transfer_.outcome();
  if (is_our_ending(outcome.ending)) {
    Bytes error = serialize(wire::TftpError{0, outcome.text});
    net::Gather packet{error, {}};
    line_->send({&packet, 1});
    line_->take_error();
  }
  timer_.cancel();
  if (std::exchange(in_turn_, false)) turns_.forget(*this);
  line_.reset();
  std::exchange(on_end_, {})();
}

}  // namespace slipway::server
