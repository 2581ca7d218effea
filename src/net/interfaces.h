// SPDX-License-Identifier: MPL-2.0
// The network interfaces of this machine (net/interface_monitor.h tells when they change). Facts only: it
// chooses no interface and configures none. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"

namespace slipway::net {

struct InterfaceAddress {
  Ipv4 address;
  Prefix prefix;
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

struct Interface {
  std::string name;
  unsigned index = 0;
  MacAddress mac;  ///< zero where the link has none, or the system has no use for it (net/abilities.h)
  std::vector<InterfaceAddress> ipv4;
  std::optional<Ipv6> link_local;  ///< absent: IPv6 is off
  unsigned mtu = 0;                ///< 0: not told
  bool up = false;                 ///< the operator has set it up
  bool running = false;            ///< and it has a carrier
  bool loopback = false;
  friend bool operator==(const Interface&, const Interface&) = default;
};

/// All of them, by index. Throws StartupError when the kernel does not say.
std::vector<Interface> list_interfaces();

const Interface* find_interface(const std::vector<Interface>& all, std::string_view name);
const Interface* find_interface(const std::vector<Interface>& all, unsigned index);
/// The address is one of ours, on whichever interface.
bool is_own_address(const std::vector<Interface>& all, Ipv4 address);

/// How many hosts on its own links the kernel can know at once, all interfaces together. Absent where it does
/// not say: within a network namespace of its own, for example, where the host's limit holds.
std::optional<std::uint64_t> neighbour_limit();

}  // namespace slipway::net
