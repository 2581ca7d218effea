// SPDX-License-Identifier: MPL-2.0
#include "net/interfaces.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/result.h"
#include "net/link_facts.h"

namespace slipway::net {
namespace {

Ipv4 address_of(const sockaddr* address) {
  return {ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr)};
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

/// An address with a label of its own, eth0:1, is one of the link before the colon.
std::string link_of(std::string_view name) {
  return std::string(name.substr(0, name.find(':')));
}

const Interface* found(const std::vector<Interface>& all, std::vector<Interface>::const_iterator place) {
  return place == all.end() ? nullptr : &*place;
}

}  // namespace

std::vector<Interface> list_interfaces() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0)
    throw StartupError(std::string("cannot list the network interfaces: ") + std::strerror(errno));
  std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);

  std::map<std::string, Interface> by_name;
  for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
    Interface& interface = by_name[link_of(entry->ifa_name)];
    interface.up = entry->ifa_flags & IFF_UP;
    interface.running = entry->ifa_flags & IFF_RUNNING;
    interface.loopback = entry->ifa_flags & IFF_LOOPBACK;
    add_link_facts(interface, *entry);
    if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET) add_address(interface, *entry);
    if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET6) add_link_local(interface, *entry);
  }

  std::vector<Interface> all;
  for (auto& [name, interface] : by_name) {
    if (interface.index == 0) continue;  // gone meanwhile
    interface.name = name;
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

}  // namespace slipway::net
