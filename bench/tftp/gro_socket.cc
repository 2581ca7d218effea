// SPDX-License-Identifier: MPL-2.0
#include "gro_socket.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "base/result.h"
#include "net/sockaddr.h"

namespace slipway::bench {
namespace {

constexpr int receive_buffer = 4 << 20;  // some windows: what is lost must be the server's loss
constexpr std::size_t largest_burst = 65536;

std::size_t segment_of(msghdr& message, std::size_t whole) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != IPPROTO_UDP || header->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(header), sizeof size);
    return static_cast<std::size_t>(size);
  }
  return whole;
}

}  // namespace

GroSocket::GroSocket(Ipv4 address) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  int on = 1;
  sockaddr_in local = net::to_sockaddr({address, 0});
  bool bound = fd_ && ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&local), sizeof local) == 0;
  if (!bound) throw StartupError("cannot open a socket: raise the limit on open files, or check --address");
  ::setsockopt(fd_.get(), IPPROTO_UDP, UDP_GRO, &on, sizeof on);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer);
}

bool GroSocket::receive(const std::function<void(ByteView, Endpoint)>& take) {
  static thread_local std::array<std::uint8_t, largest_burst> room;
  for (;;) {
    sockaddr_in from{};
    iovec piece{room.data(), room.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control;
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t got = ::recvmsg(fd_.get(), &message, MSG_DONTWAIT);
    if (got < 0) return errno != ECONNREFUSED;
    auto rest = ByteView(room).first(static_cast<std::size_t>(got));
    std::size_t segment = std::max<std::size_t>(segment_of(message, rest.size()), 1);
    while (!rest.empty()) {
      take(rest.first(std::min(segment, rest.size())), net::to_endpoint(from));
      rest = rest.subspan(std::min(segment, rest.size()));
    }
    if (rest.empty() && got < 16384) return true;  // most often that was all; the loop comes again if not
  }
}

void GroSocket::send(Endpoint to, ByteView packet) {
  sockaddr_in address = net::to_sockaddr(to);
  ::sendto(fd_.get(), packet.data(), packet.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&address),
           sizeof address);
}

}  // namespace slipway::bench
