// SPDX-License-Identifier: MPL-2.0
#include "net/abilities.h"

#include <sys/socket.h>

namespace slipway::net {

bool has_frames() {
  return true;
}

bool spreads_ports() {
  return true;
}

bool share_port(int socket) {
  int on = 1;
  return ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
}

std::string_view what_is_missing() {
  return {};
}

}  // namespace slipway::net
