// SPDX-License-Identifier: MPL-2.0
#include "dhcp/destination.h"

#include <fmt/format.h>

namespace slipway::dhcp {
namespace {

struct Printer {
  std::string operator()(const ToRelay& to) const {
    return fmt::format("relay {}:{}", to.giaddr.to_string(), wire::dhcp_server_port);
  }
  std::string operator()(const Unicast& to) const { return to.address.to_string(); }
  std::string operator()(const Broadcast&) const { return "broadcast"; }
  std::string operator()(const RawUnicast& to) const {
    return fmt::format("{} at {}", to.address.to_string(), to.mac.to_string());
  }
  std::string operator()(const ToSource& to) const { return to.source.to_string(); }
};

/// Some relays do not hear what is sent to giaddr (an address of the link they serve), but what comes back
/// to where they sent from.
Destination relay_of(const wire::DhcpMessage& request, const Arrival& arrival, model::ReplyTo reply_to) {
  if (reply_to == model::ReplyTo::source && !arrival.source.address.is_any()) return ToSource{arrival.source};
  return ToRelay{request.giaddr};
}

}  // namespace

std::string to_string(const Destination& destination) {
  return std::visit(Printer{}, destination);
}

Destination destination_of(const wire::DhcpMessage& request, const Arrival& arrival, Ipv4 yiaddr,
                           model::ReplyTo reply_to) {
  // RFC 2131 §4.1: "If the 'giaddr' field in a DHCP message from a client is non-zero, the server sends
  // any return messages to the 'DHCP server' port on the BOOTP relay agent whose address appears in
  // 'giaddr'."
  if (!request.giaddr.is_any()) return relay_of(request, arrival, reply_to);

  // "If the 'giaddr' field is zero and the 'ciaddr' field is nonzero, then the server unicasts DHCPOFFER
  // and DHCPACK messages to the address in 'ciaddr'."
  if (!request.ciaddr.is_any() && request.ciaddr != Ipv4::broadcast()) return Unicast{request.ciaddr};

  // "If 'giaddr' is zero and 'ciaddr' is zero, and the broadcast bit is set, then the server broadcasts
  // DHCPOFFER and DHCPACK messages to 0xffffffff."
  auto mac = request.mac();
  if (request.wants_broadcast() || !mac || yiaddr.is_any()) return Broadcast{arrival.index};

  // "If the broadcast bit is not set and 'giaddr' is zero and 'ciaddr' is zero, then the server unicasts
  // DHCPOFFER and DHCPACK messages to the client's hardware address and 'yiaddr' address."
  return RawUnicast{yiaddr, *mac, arrival.index};
}

Destination destination_of_nak(const wire::DhcpMessage& request, const Arrival& arrival,
                               model::ReplyTo reply_to) {
  // RFC 2131 §4.1: "In all cases, when 'giaddr' is zero, the server broadcasts any DHCPNAK messages to
  // 0xffffffff."
  if (request.giaddr.is_any()) return Broadcast{arrival.index};
  return relay_of(request, arrival, reply_to);
}

}  // namespace slipway::dhcp
