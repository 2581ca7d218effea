// SPDX-License-Identifier: MPL-2.0
#include "storm/dhcp_wire.h"

namespace slipway::storm {
namespace {

constexpr std::size_t longest_message = 1472;  // of one Ethernet frame

net::UdpOptions options_of(const DhcpPlace& place) {
  net::UdpOptions options;
  bool relay = !place.relay.is_any();
  options.local = {place.relay, relay ? wire::dhcp_server_port : wire::dhcp_client_port};
  options.device = place.interface;
  options.purpose = "slipway-storm";
  options.broadcast = true;
  options.receive_buffer = 256 << 20;  // what is lost must be the server's loss
  return options;
}

}  // namespace

DhcpWire::DhcpWire(net::Reactor& reactor, const DhcpPlace& place, Troubles& troubles, OnMessage on_message)
    : place_(place),
      troubles_(troubles),
      on_message_(std::move(on_message)),
      socket_(net::UdpSocket::bind(options_of(place))),
      buffer_(256),
      watch_(
          reactor, socket_.fd(), [this] { receive(); }, [this] { drain(); }) {}

void DhcpWire::send(const wire::DhcpMessage& message) {
  bool relay = !place_.relay.is_any();
  post({relay ? place_.server : Ipv4::broadcast(), wire::dhcp_server_port}, message);
}

void DhcpWire::send_from(const wire::DhcpMessage& message, Ipv4 server) {
  post({server, wire::dhcp_server_port}, message);
}

void DhcpWire::post(Endpoint to, const wire::DhcpMessage& message) {
  waiting_.emplace_back(to, wire::serialize(message, longest_message).bytes);
  if (waiting_.size() == 1) drain();
}

void DhcpWire::drain() {
  while (!waiting_.empty()) {
    auto& [to, bytes] = waiting_.front();
    auto failed = socket_.send({to, bytes});
    if (failed && net::would_block(failed)) return watch_.want_write(true);
    troubles_.note(failed);  // as if it were lost on the way, and the machine asks again
    waiting_.pop_front();
  }
  watch_.want_write(false);
}

void DhcpWire::receive() {
  for (const net::Datagram& datagram : socket_.receive(buffer_)) {
    bool stranger = !place_.server.is_any() && datagram.from.address != place_.server;
    auto message = wire::parse_dhcp(datagram.bytes);
    if (!message) ++unreadable_;
    if (message && !stranger) on_message_(*message);
  }
  socket_.take_error();  // ICMP: a server that is not there is found out by its silence
}

}  // namespace slipway::storm
