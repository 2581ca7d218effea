// SPDX-License-Identifier: MPL-2.0
// What is asked to find other DHCP servers: a DISCOVER as from a client that nobody knows, and an INFORM of
// our own address, which servers answer that are slow to offer. No REQUEST ever follows, so nothing is
// taken. Both say who asks (vendor class), so that we know them when a relay brings them back. Pure.
#pragma once

#include "base/address.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

/// The client that the DISCOVER comes from: a locally administered address, the same every time.
MacAddress asker_on(const MacAddress& interface_mac);

wire::DhcpMessage server_discover(const MacAddress& interface_mac, std::uint32_t xid);
wire::DhcpMessage server_inform(const MacAddress& interface_mac, Ipv4 own, std::uint32_t xid);

/// One of these two, from an interface with this MAC address.
bool is_server_question(const wire::DhcpMessage& message, const MacAddress& interface_mac);

}  // namespace slipway::dhcp
