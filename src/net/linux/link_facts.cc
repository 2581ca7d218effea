// SPDX-License-Identifier: MPL-2.0
#include "net/link_facts.h"

#include <algorithm>
#include <fstream>

#include <net/if.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/unique_fd.h"

namespace slipway::net {
namespace {

unsigned mtu_of(std::string_view name) {
  UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return ::ioctl(socket.get(), SIOCGIFMTU, &request) == 0 ? static_cast<unsigned>(request.ifr_mtu) : 0;
}

}  // namespace

void add_link_facts(Interface& interface, const ifaddrs& entry) {
  if (!entry.ifa_addr || entry.ifa_addr->sa_family != AF_PACKET) return;
  const auto& link = *reinterpret_cast<const sockaddr_ll*>(entry.ifa_addr);
  interface.index = static_cast<unsigned>(link.sll_ifindex);
  interface.mtu = mtu_of(entry.ifa_name);
  if (link.sll_halen == interface.mac.bytes.size())
    std::copy_n(link.sll_addr, interface.mac.bytes.size(), interface.mac.bytes.begin());
}

std::optional<std::uint64_t> neighbour_limit() {
  std::uint64_t limit = 0;
  if (std::ifstream("/proc/sys/net/ipv4/neigh/default/gc_thresh3") >> limit) return limit;
  return std::nullopt;
}

}  // namespace slipway::net
