// SPDX-License-Identifier: MPL-2.0
#include "net/abilities.h"

#include <cerrno>

namespace slipway::net {

bool has_frames() {
  return false;
}

bool spreads_ports() {
  return false;
}

bool share_port(int) {
  return errno = ENOPROTOOPT, false;
}

std::string_view what_is_missing() {
  return "this build sends and hears no Ethernet frames: machines without an address are answered by "
         "broadcast, "
         "an address is asked for by ping instead of ARP before it is offered, and other DHCP servers are "
         "not "
         "looked for: see yourself that there is none";
}

}  // namespace slipway::net
