// SPDX-License-Identifier: MPL-2.0
// What a datagram needs for the kernel besides its bytes, there and back. Private to the UDP sockets.
#pragma once

#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "net/sockaddr.h"
#include "net/udp_socket.h"

namespace slipway::net {

inline constexpr std::size_t received_control_size =
    CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(timeval));

inline boost::system::error_code last_error() {
  return {errno, boost::system::system_category()};
}

inline iovec to_iovec(ByteView bytes) {
  return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

/// Name and control data of messages to one place; it must outlive the call. There are many of them in a
/// batch: only what is used is set.
class Heading {
 public:
  void address(const Route& route) {
    to_ = to_sockaddr(route.to);
    named_ = true;
    used_ = 0;
    if (route.source.is_any() && route.interface == 0) return;
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<decltype(info.ipi_ifindex)>(route.interface);
    info.ipi_spec_dst.s_addr = htonl(route.source.value);
    add(IPPROTO_IP, IP_PKTINFO, info);
  }

  template <typename T>
  void add(int level, int type, const T& value) {
    auto* header = reinterpret_cast<cmsghdr*>(control_.data() + used_);
    std::memset(header, 0, CMSG_SPACE(sizeof value));
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof value);
    std::memcpy(CMSG_DATA(header), &value, sizeof value);
    used_ += CMSG_SPACE(sizeof value);
  }

  msghdr over(iovec* pieces, std::size_t count) {
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(count);
    message.msg_control = used_ ? control_.data() : nullptr;
    message.msg_controllen = static_cast<decltype(message.msg_controllen)>(used_);
    message.msg_name = named_ ? &to_ : nullptr;
    message.msg_namelen = named_ ? sizeof to_ : 0;
    return message;
  }

 private:
  sockaddr_in to_;
  bool named_ = false;
  std::size_t used_ = 0;
  /// Room for one more, of a number.
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(int))> control_;
};

/// One datagram to send; it must outlive the call.
struct Envelope {
  Heading heading;
  iovec piece;

  msghdr seal(const Outgoing& datagram) {
    heading.address({datagram.to, datagram.source, datagram.interface});
    piece = to_iovec(datagram.bytes);
    return heading.over(&piece, 1);
  }
};

/// What the kernel says of a datagram that came.
inline void read_control(msghdr& message, Datagram& datagram) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMP) {
      timeval at;
      std::memcpy(&at, CMSG_DATA(header), sizeof at);
      datagram.arrived = Instant(std::chrono::floor<Duration>(std::chrono::seconds(at.tv_sec) +
                                                              std::chrono::microseconds(at.tv_usec)));
    }
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(header), sizeof info);
      datagram.to = {ntohl(info.ipi_addr.s_addr)};
      datagram.local = {ntohl(info.ipi_spec_dst.s_addr)};
      datagram.interface = static_cast<unsigned>(info.ipi_ifindex);
    }
  }
}

}  // namespace slipway::net
