// SPDX-License-Identifier: MPL-2.0
#include "net/udp_options.h"

#include <array>

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>

namespace slipway::net {

bool bind_to_device(int fd, const std::string& device) {
  return ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device.c_str(),
                      static_cast<socklen_t>(device.size())) == 0;
}

void ask_buffers(int fd, const UdpOptions& options) {
  // FORCE goes past net.core.rmem_max where we are privileged.
  if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, options.receive_buffer))
    set_option(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
  if (options.send_buffer == 0) return;
  if (!set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, options.send_buffer))
    set_option(fd, SOL_SOCKET, SO_SNDBUF, options.send_buffer);
}

unsigned UdpSocket::path_mtu() const {
  int mtu = 0;
  socklen_t size = sizeof mtu;
  // 576: what every IPv4 host takes (RFC 1122 section 3.3.2).
  return ::getsockopt(fd_.get(), IPPROTO_IP, IP_MTU, &mtu, &size) == 0 ? static_cast<unsigned>(mtu) : 576;
}

int UdpSocket::receive_buffer() const {
  int granted = 0;
  socklen_t size = sizeof granted;
  ::getsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &granted, &size);
  return granted / 2;  // the kernel tells twice what it was asked
}

std::uint32_t UdpSocket::overflowed() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t size = sizeof memory;
  ::getsockopt(fd_.get(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size);
  return memory[SK_MEMINFO_DROPS];
}

bool kernel_segments_udp() {
  static const bool known = [] {
    UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return fd && set_option(fd.get(), IPPROTO_UDP, UDP_SEGMENT, 512);
  }();
  return known;
}

}  // namespace slipway::net
