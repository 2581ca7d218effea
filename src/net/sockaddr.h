// SPDX-License-Identifier: MPL-2.0
// IPv4 endpoints as the kernel writes them, for whoever opens sockets.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/address.h"

namespace slipway::net {

inline sockaddr_in to_sockaddr(Endpoint endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(endpoint.address.value);
  return address;
}

inline Endpoint to_endpoint(const sockaddr_in& address) {
  return {{ntohl(address.sin_addr.s_addr)}, ntohs(address.sin_port)};
}

/// Where an IPv4 socket is bound; all zero where it is not.
inline Endpoint local_endpoint(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return to_endpoint(address);
}

}  // namespace slipway::net
