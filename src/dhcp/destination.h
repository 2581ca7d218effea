// SPDX-License-Identifier: MPL-2.0
// Where an answer goes (RFC 2131 §4.1), as a type: a plain `sendto` to an address that nobody owns yet
// cannot be written with it. Values and one pure choice; the service that sends them visits the variant.
#pragma once

#include <string>
#include <variant>

#include "base/address.h"
#include "dhcp/arrival.h"
#include "model/subnet.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

/// To the relay's server port: it hands the answer on to the client.
struct ToRelay {
  Ipv4 giaddr;
  friend bool operator==(const ToRelay&, const ToRelay&) = default;
};

/// To the client port of a client that has its address and answers ARP.
struct Unicast {
  Ipv4 address;
  friend bool operator==(const Unicast&, const Unicast&) = default;
};

/// To 255.255.255.255 and the client port, out of this interface.
struct Broadcast {
  unsigned interface = 0;
  friend bool operator==(const Broadcast&, const Broadcast&) = default;
};

/// To an address that its client does not have yet: a frame to its hardware address, no ARP.
struct RawUnicast {
  Ipv4 address;
  MacAddress mac;
  unsigned interface = 0;
  friend bool operator==(const RawUnicast&, const RawUnicast&) = default;
};

/// Back to where the request came from (proxyDHCP on port 4011, PXE 2.1 §2.2.3; relays that want it so).
struct ToSource {
  Endpoint source;
  friend bool operator==(const ToSource&, const ToSource&) = default;
};

using Destination = std::variant<ToRelay, Unicast, Broadcast, RawUnicast, ToSource>;

std::string to_string(const Destination& destination);  ///< "10.0.0.9 at 0c:c4:7a:ab:cd:ef"

/// For an OFFER or ACK that gives `yiaddr` (any: an ACK to INFORM), or a BOOTP reply.
Destination destination_of(const wire::DhcpMessage& request, const Arrival& arrival, Ipv4 yiaddr,
                           model::ReplyTo reply_to = model::ReplyTo::relay);
/// For a NAK.
Destination destination_of_nak(const wire::DhcpMessage& request, const Arrival& arrival,
                               model::ReplyTo reply_to = model::ReplyTo::relay);

}  // namespace slipway::dhcp
