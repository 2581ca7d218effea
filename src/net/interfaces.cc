// SPDX-License-Identifier: MPL-2.0
#include "net/interfaces.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>

#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/result.h"

namespace slipway::net {
namespace {

Ipv4 address_of(const sockaddr* address) {
  return {ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr)};
}

void add_link(Interface& interface, const ifaddrs& entry) {
  const auto& link = *reinterpret_cast<const sockaddr_ll*>(entry.ifa_addr);
  interface.index = static_cast<unsigned>(link.sll_ifindex);
  if (link.sll_halen == interface.mac.bytes.size())
    std::copy_n(link.sll_addr, interface.mac.bytes.size(), interface.mac.bytes.begin());
}

void add_address(Interface& interface, const ifaddrs& entry) {
  Ipv4 address = address_of(entry.ifa_addr);
  int length = entry.ifa_netmask ? std::popcount(address_of(entry.ifa_netmask).value) : 32;
  interface.ipv4.push_back({address, Prefix::containing(address, length)});
}

void add_link_local(Interface& interface, const ifaddrs& entry) {
  Ipv6 address;
  std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr)->sin6_addr,
              address.bytes.size());
  if (address.is_link_local() && !interface.link_local) interface.link_local = address;
}

unsigned mtu_of(int socket, const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return ::ioctl(socket, SIOCGIFMTU, &request) == 0 ? static_cast<unsigned>(request.ifr_mtu) : 0;
}

const Interface* found(const std::vector<Interface>& all, std::vector<Interface>::const_iterator place) {
  return place == all.end() ? nullptr : &*place;
}

}  // namespace

std::vector<Interface> list_interfaces() {
  ifaddrs* first = nullptr;
  UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket || ::getifaddrs(&first) != 0)
    throw StartupError(std::string("cannot list the network interfaces: ") + std::strerror(errno));
  std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);

  std::map<std::string, Interface> by_name;
  for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
    Interface& interface = by_name[entry->ifa_name];
    interface.up = entry->ifa_flags & IFF_UP;
    interface.running = entry->ifa_flags & IFF_RUNNING;
    interface.loopback = entry->ifa_flags & IFF_LOOPBACK;
    if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_PACKET) add_link(interface, *entry);
    if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET) add_address(interface, *entry);
    if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET6) add_link_local(interface, *entry);
  }

  std::vector<Interface> all;
  for (auto& [name, interface] : by_name) {
    if (interface.index == 0) continue;  // an alias such as eth0:1, or gone meanwhile
    interface.name = name;
    interface.mtu = mtu_of(socket.get(), name);
    all.push_back(std::move(interface));
  }
  std::sort(all.begin(), all.end(), [](const Interface& a, const Interface& b) { return a.index < b.index; });
  return all;
}

const Interface* find_interface(const std::vector<Interface>& all, std::string_view name) {
  return found(all, std::find_if(all.begin(), all.end(), [&](const auto& i) { return i.name == name; }));
}

const Interface* find_interface(const std::vector<Interface>& all, unsigned index) {
  return found(all, std::find_if(all.begin(), all.end(), [&](const auto& i) { return i.index == index; }));
}

bool is_own_address(const std::vector<Interface>& all, Ipv4 address) {
  return std::any_of(all.begin(), all.end(), [&](const Interface& ours) {
    return std::any_of(ours.ipv4.begin(), ours.ipv4.end(),
                       [&](const InterfaceAddress& at) { return at.address == address; });
  });
}

std::optional<std::uint64_t> neighbour_limit() {
  std::uint64_t limit = 0;
  if (std::ifstream("/proc/sys/net/ipv4/neigh/default/gc_thresh3") >> limit) return limit;
  return std::nullopt;
}

InterfaceMonitor::InterfaceMonitor()
    : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (!fd_ || ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw StartupError(std::string("cannot watch the network interfaces: ") + std::strerror(errno));
}

bool InterfaceMonitor::drain() {
  char news[8192];
  bool changed = false;
  // An overflow (ENOBUFS) means that news were lost: that is news as well.
  while (::recv(fd_.get(), news, sizeof news, 0) > 0 || errno == ENOBUFS || errno == EINTR) changed = true;
  return changed;
}

}  // namespace slipway::net
