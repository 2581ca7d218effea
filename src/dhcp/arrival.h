// SPDX-License-Identifier: MPL-2.0
// Where and how a datagram came in: what the message itself does not say. A value, filled in by the
// service that received it.
#pragma once

#include <cstdint>
#include <string>

#include "base/address.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

/// What is known of other DHCP servers on the link.
enum class Company : std::uint8_t {
  alone,    ///< nobody else gives addresses there, or we did before
  looking,  ///< not known yet
  beside,   ///< somebody else gives addresses there
};

struct Arrival {
  std::string interface;  ///< name, as subnets name it
  unsigned index = 0;     ///< the same interface, as the kernel numbers it
  Ipv4 local;             ///< ours: the address written to or, of a broadcast, that of the interface
  Ipv4 sent_to;           ///< destination of the datagram
  Endpoint source;        ///< 0.0.0.0:68 for a client without an address
  std::uint16_t port = wire::dhcp_server_port;  ///< the port of ours it came to: 67 or 4011
  Company company = Company::alone;
  std::string rival{};  ///< the other server, where there is one

  bool is_unicast() const { return sent_to == local; }
};

}  // namespace slipway::dhcp
