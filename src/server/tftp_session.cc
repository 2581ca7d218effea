// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_session.h"

#include <array>
#include <cerrno>

namespace slipway::server {
namespace {

// Packets per turn of one session: a wider window goes on in the next turn, after the others had theirs.
constexpr std::size_t batch_size = 64;

constexpr const char* port_closed = "the client has closed its port";

bool is_our_ending(tftp::Ending ending) {
  return ending == tftp::Ending::aborted || ending == tftp::Ending::timed_out;
}

}  // namespace

TftpSession::TftpSession(Parts parts, std::function<void()> on_end)
    : reactor_(parts.reactor),
      buffer_(parts.buffer),
      content_(std::move(parts.content)),
      transfer_(content_.bytes, parts.terms, reactor_.now().tick, parts.patience),
      on_end_(std::move(on_end)),
      socket_(std::move(parts.socket)),
      watch_(
          reactor_, socket_.fd(), [this] { receive(); }, [this] { go_on(); }),
      timer_(reactor_, [this] {
        transfer_.tick(reactor_.now().tick);
        go_on();
      }) {}

void TftpSession::request_repeated() {
  transfer_.request_repeated(reactor_.now().tick);
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

void TftpSession::receive() {
  Tick now = reactor_.now().tick;
  for (const net::Datagram& datagram : socket_.receive(buffer_)) {
    if (auto packet = wire::parse_tftp(datagram.bytes)) transfer_.receive(*packet, now);
  }
  if (socket_.take_error().value() == ECONNREFUSED) transfer_.client_left(port_closed, now);
  go_on();
}

void TftpSession::go_on() {
  if (!transfer_.outcome()) send_pending();
  if (transfer_.outcome()) return end();
  timer_.at(transfer_.deadline());
}

void TftpSession::send_pending() {
  bool more = send_batch();
  watch_.want_write(more);
}

/// True when there is more to send as soon as the socket takes it.
bool TftpSession::send_batch() {
  std::array<tftp::Packet, batch_size> packets;
  std::array<net::Gather, batch_size> train;
  std::size_t count = transfer_.pending(packets);
  if (count == 0) return false;
  for (std::size_t i = 0; i < count; ++i)
    train[i] = {{packets[i].header.data(), packets[i].header_size}, packets[i].body};

  Tick now = reactor_.now().tick;
  std::size_t sent = socket_.send_train({train.data(), count});
  if (auto error = socket_.take_error()) {
    if (error.value() == ECONNREFUSED) transfer_.client_left(port_closed, now);
    sent = count;  // no route, a firewall: lost, and sent again when the time comes
  }
  transfer_.sent(sent, now);
  return transfer_.pending({packets.data(), 1}) > 0;
}

void TftpSession::end() {
  const tftp::Outcome& outcome = *transfer_.outcome();
  if (is_our_ending(outcome.ending)) {
    Bytes error = serialize(wire::TftpError{0, outcome.text});
    net::Gather packet{error, {}};
    socket_.send_train({&packet, 1});
  }
  timer_.cancel();
  watch_.reset();
  std::exchange(on_end_, {})();
}

}  // namespace slipway::server
