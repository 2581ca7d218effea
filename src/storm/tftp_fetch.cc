// SPDX-License-Identifier: MPL-2.0
#include "storm/tftp_fetch.h"

namespace slipway::storm {
namespace {

net::UdpOptions options_of(Ipv4 source) {
  net::UdpOptions options;
  options.local = {source, 0};
  options.purpose = "a TFTP download";
  options.receive_buffer = 256 << 10;
  return options;
}

}  // namespace

TftpFetch::TftpFetch(net::Reactor& reactor, net::DatagramBuffer& buffer, const walk::Fetch& fetch,
                     Ipv4 source, std::uint64_t& total, Troubles& troubles, OnEnd on_end)
    : reactor_(reactor),
      buffer_(buffer),
      total_(total),
      troubles_(troubles),
      on_end_(std::move(on_end)),
      download_(fetch, reactor.now().tick),
      socket_(net::UdpSocket::bind(options_of(source))),
      timer_(reactor,
             [this] {
               download_.tick(reactor_.now().tick);
               go_on();
             }),
      watch_(reactor, socket_.fd(), [this] { receive(); }) {
  go_on();
}

void TftpFetch::receive() {
  Tick now = reactor_.now().tick;
  for (const net::Datagram& datagram : socket_.receive(buffer_)) {
    download_.receive(datagram.bytes, datagram.from, now);
    // ACKs leave between the blocks, as from a machine that is slower than its network.
    send();
  }
  if (socket_.take_error()) download_.refused(now);
  go_on();
}

void TftpFetch::send() {
  for (const auto& packet : download_.take_packets()) troubles_.note(socket_.send({packet.to, packet.bytes}));
}

void TftpFetch::go_on() {
  send();
  total_ += download_.bytes() - counted_;
  counted_ = download_.bytes();
  if (!download_.end()) return timer_.at(download_.deadline());
  watch_.reset();
  timer_.cancel();
  auto end = *download_.end();
  auto on_end = std::move(on_end_);
  on_end(end);
}

}  // namespace slipway::storm
