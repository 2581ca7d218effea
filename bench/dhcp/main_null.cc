// SPDX-License-Identifier: MPL-2.0
// dhcp_null DEVICE: answers every DISCOVER and REQUEST at once, remembers nothing and checks nothing. No
// server: what the wire, the kernel and the generator reach when the server costs nothing.
#include <array>
#include <cstring>
#include <iostream>
#include <vector>

#include <poll.h>

#include "net/udp_socket.h"
#include "wire/dhcp_message.h"

namespace {

using namespace slipway;

constexpr std::size_t batch = 64, kind_at = 240 + 2;

/// The answer that every client gets, but for its numbers.
Bytes form(Ipv4 self) {
  wire::DhcpMessage message;
  message.op = wire::Op::boot_reply;
  message.options.set<wire::opt::MessageType>(wire::MessageType::offer);
  message.options.set<wire::opt::ServerId>(self);
  message.options.set<wire::opt::LeaseTime>(std::chrono::hours{12});
  return wire::serialize(message).bytes;
}

/// Turns the question in `bytes` into its answer: a DISCOVER into an OFFER, all else into an ACK.
void answer(const Bytes& form, ByteView question, Bytes& bytes) {
  bytes = form;
  std::memcpy(bytes.data() + 4, question.data() + 4, 4);     // xid
  std::memcpy(bytes.data() + 10, question.data() + 10, 2);   // flags
  std::memcpy(bytes.data() + 24, question.data() + 24, 20);  // giaddr and chaddr
  bytes[16] = 10;                                            // yiaddr, made of the MAC
  std::memcpy(bytes.data() + 17, question.data() + 28 + 3, 3);
  bool discover = question[kind_at] == static_cast<std::uint8_t>(wire::MessageType::discover);
  bytes[kind_at] = static_cast<std::uint8_t>(discover ? wire::MessageType::offer : wire::MessageType::ack);
}

[[noreturn]] void serve(const std::string& device) {
  net::UdpOptions options;
  options.local.port = wire::dhcp_server_port;
  options.device = device;
  options.broadcast = true;
  options.receive_buffer = 256 << 20;
  auto socket = net::UdpSocket::bind(options);
  net::DatagramBuffer buffer(batch);
  std::vector<Bytes> answers(batch);
  std::vector<net::Outgoing> outgoing;
  for (Bytes filled;;) {
    pollfd ready{socket.fd(), POLLIN, 0};
    ::poll(&ready, 1, -1);
    outgoing.clear();
    for (const net::Datagram& datagram : socket.receive(buffer)) {
      if (datagram.bytes.size() <= kind_at) continue;
      if (filled.empty()) filled = form(datagram.local);
      Bytes& reply = answers[outgoing.size()];
      answer(filled, datagram.bytes, reply);
      bool relayed = datagram.from.port == wire::dhcp_server_port;
      outgoing.push_back(
          {relayed ? datagram.from : Endpoint{Ipv4::broadcast(), wire::dhcp_client_port}, reply});
    }
    socket.send_batch(outgoing);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: dhcp_null DEVICE\n";
    return 2;
  }
  try {
    serve(arguments[1]);
  } catch (const std::exception& error) {
    std::cerr << "dhcp_null: " << error.what() << '\n';
    return 1;
  }
}
