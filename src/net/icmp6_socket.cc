// SPDX-License-Identifier: MPL-2.0
#include "net/icmp6_socket.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/result.h"
#include "net/remedies.h"

namespace slipway::net {
namespace {

constexpr int link_hop_limit = 255;

in6_addr to_in6(const Ipv6& address) {
  in6_addr made{};
  std::memcpy(&made, address.bytes.data(), address.bytes.size());
  return made;
}

sockaddr_in6 to_sockaddr(const Ipv6& address, unsigned index) {
  sockaddr_in6 made{};
  made.sin6_family = AF_INET6;
  made.sin6_addr = to_in6(address);
  made.sin6_scope_id = index;
  return made;
}

Ipv6 to_ipv6(const in6_addr& address) {
  Ipv6 made;
  std::memcpy(made.bytes.data(), &address, made.bytes.size());
  return made;
}

class Setup {
 public:
  Setup(int fd, const std::string& device) : fd_(fd), device_(device) {}

  void set(int level, int option, const void* value, std::size_t size, std::string_view step) const {
    if (::setsockopt(fd_, level, option, value, static_cast<socklen_t>(size)) != 0) fail(step);
  }
  void set(int level, int option, int value, std::string_view step) const {
    set(level, option, &value, sizeof value, step);
  }
  [[noreturn]] void fail(std::string_view step) const {
    throw StartupError(
        fmt::format("cannot hear router solicitations on {}: {}: {}; {}, on an interface with IPv6, or leave "
                    "`no-ipv6-router` out",
                    device_, step, std::strerror(errno), remedies().right_to_raw));
  }

 private:
  int fd_;
  const std::string& device_;
};

void pass_router_messages_alone(const Setup& setup) {
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
  ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
  setup.set(IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter, "filter");
}

}  // namespace

Icmp6Socket::Icmp6Socket(const std::string& device, unsigned index)
    : fd_(::socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6)), index_(index) {
  Setup setup(fd_.get(), device);
  if (!fd_) setup.fail("socket");
  pass_router_messages_alone(setup);
  setup.set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, "interface of what comes");
  setup.set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, "hop limit of what comes");
  setup.set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, link_hop_limit, "hop limit");
  setup.set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, link_hop_limit, "hop limit");
  setup.set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0, "loop");  // our own kernel is not told
  ipv6_mreq group{to_in6(all_routers), index};
  setup.set(IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group, "join the group of all routers");
}

/// What came in by another interface is not ours to hear.
std::optional<Icmp6Packet> Icmp6Socket::receive() {
  while (true) {
    auto [packet, interface] = receive_any();
    if (!packet || interface == index_) return packet;
  }
}

std::pair<std::optional<Icmp6Packet>, unsigned> Icmp6Socket::receive_any() {
  sockaddr_in6 source{};
  iovec part{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(in6_pktinfo))> control;
  msghdr message{};
  message.msg_name = &source;
  message.msg_namelen = sizeof source;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t size = ::recvmsg(fd_.get(), &message, 0);
  if (size < 0) return {};
  Icmp6Packet packet{ByteView(buffer_).first(static_cast<std::size_t>(size)), to_ipv6(source.sin6_addr)};
  in6_pktinfo info{};
  for (cmsghdr* told = CMSG_FIRSTHDR(&message); told; told = CMSG_NXTHDR(&message, told)) {
    if (told->cmsg_level != IPPROTO_IPV6) continue;
    if (told->cmsg_type == IPV6_HOPLIMIT)
      std::memcpy(&packet.hop_limit, CMSG_DATA(told), sizeof packet.hop_limit);
    if (told->cmsg_type == IPV6_PKTINFO) std::memcpy(&info, CMSG_DATA(told), sizeof info);
  }
  return {packet, info.ipi6_ifindex};
}

boost::system::error_code Icmp6Socket::send(ByteView bytes, const Ipv6& from, const Ipv6& to) {
  sockaddr_in6 target = to_sockaddr(to, index_);
  iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))> control{};
  msghdr message{};
  message.msg_name = &target;
  message.msg_namelen = sizeof target;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* source = CMSG_FIRSTHDR(&message);
  source->cmsg_level = IPPROTO_IPV6;
  source->cmsg_type = IPV6_PKTINFO;
  source->cmsg_len = CMSG_LEN(sizeof(in6_pktinfo));
  in6_pktinfo info{to_in6(from), index_};
  std::memcpy(CMSG_DATA(source), &info, sizeof info);
  if (::sendmsg(fd_.get(), &message, 0) < 0) return {errno, boost::system::system_category()};
  return {};
}

}  // namespace slipway::net
