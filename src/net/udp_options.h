// SPDX-License-Identifier: MPL-2.0
// The options of UDP sockets that each system has in its own way. Private to net/udp_socket.cc. False with
// errno set where the system refuses.
#pragma once

#include <sys/socket.h>

#include "net/udp_socket.h"

namespace slipway::net {

inline bool set_option(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/// Hears that interface alone, as far as the system can see to it; `device` is not empty.
bool bind_to_device(int fd, const std::string& device);
/// What is granted may be less: no failure.
void ask_buffers(int fd, const UdpOptions& options);

}  // namespace slipway::net
