// SPDX-License-Identifier: MPL-2.0
#include "net/udp_options.h"

#include <cerrno>

#include <net/if.h>
#include <netinet/in.h>

namespace slipway::net {
namespace {

constexpr unsigned ethernet_mtu = 1500;
constexpr int least_buffer = 64 * 1024;

/// Some systems refuse what is more than they give, instead of giving that.
void ask_buffer(int fd, int option, int wanted) {
  while (!set_option(fd, SOL_SOCKET, option, wanted) && wanted > least_buffer) wanted /= 2;
}

}  // namespace

/// Where the system has no such thing, `receive` sees to it, and one interface has the port.
bool bind_to_device(int fd, const std::string& device) {
  unsigned index = ::if_nametoindex(device.c_str());
  if (index == 0) return errno = ENODEV, false;
#ifdef IP_BOUND_IF
  // Other interfaces have sockets of their own on this port.
  return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
         set_option(fd, IPPROTO_IP, IP_BOUND_IF, static_cast<int>(index));
#else
  return fd >= 0;
#endif
}

void ask_buffers(int fd, const UdpOptions& options) {
  ask_buffer(fd, SO_RCVBUF, options.receive_buffer);
  if (options.send_buffer != 0) ask_buffer(fd, SO_SNDBUF, options.send_buffer);
}

/// Nobody tells. Where it is less, the kernel makes fragments.
unsigned UdpSocket::path_mtu() const {
  return ethernet_mtu;
}

int UdpSocket::receive_buffer() const {
  int granted = 0;
  socklen_t size = sizeof granted;
  ::getsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &granted, &size);
  return granted;
}

/// Nobody tells.
std::uint32_t UdpSocket::overflowed() const {
  return 0;
}

bool kernel_segments_udp() {
  return false;
}

}  // namespace slipway::net
