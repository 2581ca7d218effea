// SPDX-License-Identifier: MPL-2.0
#include "storm/own_addresses.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/result.h"

namespace slipway::storm {
namespace {

constexpr std::uint8_t our_protocol = 0x57;  // marks our routes among others; no daemon of Debian has it

struct Request {
  nlmsghdr head{};
  rtmsg route{};
  std::array<std::uint8_t, 64> attributes{};

  void add(std::uint16_t type, std::uint32_t value) {
    rtattr attribute{RTA_LENGTH(sizeof value), type};
    auto* at = reinterpret_cast<std::uint8_t*>(&head) + NLMSG_ALIGN(head.nlmsg_len);
    std::memcpy(at, &attribute, sizeof attribute);
    std::memcpy(at + RTA_LENGTH(0), &value, sizeof value);
    head.nlmsg_len = NLMSG_ALIGN(head.nlmsg_len) + static_cast<std::uint32_t>(RTA_LENGTH(sizeof value));
  }
};

boost::system::error_code error(int number) {
  return {number, boost::system::system_category()};
}

std::uint32_t loopback() {
  return ::if_nametoindex("lo");
}

/// The destination of a route of ours, out of the kernel's list.
std::optional<Ipv4> ours(const nlmsghdr* head) {
  auto* route = static_cast<const rtmsg*>(NLMSG_DATA(head));
  if (route->rtm_protocol != our_protocol || route->rtm_type != RTN_LOCAL || route->rtm_dst_len != 32)
    return {};
  int left = static_cast<int>(RTM_PAYLOAD(head));
  for (auto* at = RTM_RTA(route); RTA_OK(at, left); at = RTA_NEXT(at, left)) {
    if (at->rta_type != RTA_DST) continue;
    ByteReader reader(ByteView(static_cast<const std::uint8_t*>(RTA_DATA(at)), 4));
    return Ipv4{reader.u32()};
  }
  return {};
}

}  // namespace

OwnAddresses::OwnAddresses() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  if (!fd_) throw StartupError(std::string("cannot open a netlink socket: ") + std::strerror(errno));
  remove_leftovers();
}

OwnAddresses::~OwnAddresses() {
  for (Ipv4 address : added_) change(address, false);
}

boost::system::error_code OwnAddresses::add(Ipv4 address) {
  if (has(address)) return {};
  auto failed = change(address, true);
  if (!failed) added_.insert(address);
  return failed;
}

boost::system::error_code OwnAddresses::change(Ipv4 address, bool add) {
  Request request;
  request.head.nlmsg_len = NLMSG_LENGTH(sizeof(rtmsg));
  request.head.nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
  request.head.nlmsg_flags =
      static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | (add ? NLM_F_CREATE | NLM_F_EXCL : 0));
  request.route.rtm_family = AF_INET;
  request.route.rtm_dst_len = 32;
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = our_protocol;
  request.route.rtm_scope = RT_SCOPE_HOST;
  request.route.rtm_type = RTN_LOCAL;
  request.add(RTA_DST, __builtin_bswap32(address.value));
  request.add(RTA_OIF, loopback());
  if (::send(fd_.get(), &request, request.head.nlmsg_len, 0) < 0) return error(errno);
  alignas(nlmsghdr) std::array<std::uint8_t, 1024> answer{};
  if (::recv(fd_.get(), answer.data(), answer.size(), 0) < 0) return error(errno);
  auto* head = reinterpret_cast<const nlmsghdr*>(answer.data());
  if (head->nlmsg_type != NLMSG_ERROR) return {};
  return error(-static_cast<const nlmsgerr*>(NLMSG_DATA(head))->error);
}

void OwnAddresses::remove_leftovers() {
  Request request;
  request.head.nlmsg_len = NLMSG_LENGTH(sizeof(rtmsg));
  request.head.nlmsg_type = RTM_GETROUTE;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.route.rtm_family = AF_INET;
  if (::send(fd_.get(), &request, request.head.nlmsg_len, 0) < 0) return;
  std::vector<Ipv4> found;
  alignas(nlmsghdr) std::array<std::uint8_t, 65536> answer{};
  for (bool done = false; !done;) {
    auto size = ::recv(fd_.get(), answer.data(), answer.size(), 0);
    if (size <= 0) break;
    auto left = static_cast<std::uint32_t>(size);
    for (auto* head = reinterpret_cast<const nlmsghdr*>(answer.data()); NLMSG_OK(head, left);
         head = NLMSG_NEXT(head, left)) {
      done = done || head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR;
      if (head->nlmsg_type != RTM_NEWROUTE) continue;
      if (auto address = ours(head)) found.push_back(*address);
    }
  }
  for (Ipv4 address : found) change(address, false);
}

}  // namespace slipway::storm
