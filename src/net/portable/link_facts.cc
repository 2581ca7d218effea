// SPDX-License-Identifier: MPL-2.0
#include "net/link_facts.h"

#include <net/if.h>

namespace slipway::net {

/// Without frames nobody asks for the MAC.
void add_link_facts(Interface& interface, const ifaddrs& entry) {
  if (interface.index == 0) interface.index = ::if_nametoindex(entry.ifa_name);
}

std::optional<std::uint64_t> neighbour_limit() {
  return std::nullopt;
}

}  // namespace slipway::net
