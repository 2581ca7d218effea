// SPDX-License-Identifier: MPL-2.0
#include "wire_end.h"

#include <poll.h>

namespace slipway::bench {
namespace {

constexpr std::size_t batch = 64;
constexpr std::size_t receive_slots = 256, slot_size = 1500;

net::UdpOptions options_of(const Place& place) {
  net::UdpOptions options;
  options.local = {place.relay, place.relay.is_any() ? wire::dhcp_client_port : wire::dhcp_server_port};
  options.device = place.device;
  options.purpose = "load generator";
  options.broadcast = true;
  options.receive_buffer = 256 << 20;  // what is lost must be the server's loss
  return options;
}

}  // namespace

WireEnd::WireEnd(const Place& place)
    : place_(place),
      socket_(net::UdpSocket::bind(options_of(place))),
      buffer_(receive_slots, slot_size),
      packets_(batch) {
  outgoing_.reserve(batch);
}

Packet& WireEnd::next(bool to_server) {
  if (outgoing_.size() == batch) flush();
  bool alone = to_server || !place_.relay.is_any();
  Packet& packet = packets_[outgoing_.size()];
  outgoing_.push_back({{alone ? place_.server : Ipv4::broadcast(), wire::dhcp_server_port}, {}});
  return packet;
}

void WireEnd::flush() {
  for (std::size_t i = 0; i < outgoing_.size(); ++i)
    outgoing_[i].bytes = ByteView(packets_[i].bytes).first(packets_[i].size);
  std::span<const net::Outgoing> rest(outgoing_);
  while (!rest.empty()) {
    rest = rest.subspan(socket_.send_batch(rest));
    if (rest.empty()) break;
    socket_.take_error();  // the network says no: a server that is gone is found out by its silence
    pollfd ready{socket_.fd(), POLLOUT, 0};
    ::poll(&ready, 1, 1);
  }
  outgoing_.clear();
}

void WireEnd::wait(std::chrono::milliseconds most) {
  pollfd ready{socket_.fd(), POLLIN, 0};
  ::poll(&ready, 1, static_cast<int>(most.count()));
}

}  // namespace slipway::bench
