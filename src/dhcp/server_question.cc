// SPDX-License-Identifier: MPL-2.0
#include "dhcp/server_question.h"

namespace slipway::dhcp {
namespace {

namespace opt = wire::opt;
constexpr std::string_view mark = "Slipway:which-servers";

wire::DhcpMessage question(wire::MessageType type, const MacAddress& client, std::uint32_t xid) {
  wire::DhcpMessage message;
  message.xid = xid;
  message.flags = wire::broadcast_flag;  // RFC 2131 §4.1: for a client without an address
  message.set_mac(client);
  message.options.set<opt::MessageType>(type);
  message.options.set<opt::VendorClass>(std::string(mark));
  return message;
}

}  // namespace

// IEEE 802: the second bit says "locally administered". The last three bytes keep servers apart.
MacAddress asker_on(const MacAddress& interface_mac) {
  MacAddress asker{{0x06, 'S', 'w', 0, 0, 0}};
  for (std::size_t i : {3u, 4u, 5u}) asker.bytes[i] = interface_mac.bytes[i];
  return asker;
}

wire::DhcpMessage server_discover(const MacAddress& interface_mac, std::uint32_t xid) {
  return question(wire::MessageType::discover, asker_on(interface_mac), xid);
}

// RFC 2131 §4.4.3: "If a client has obtained a network address through some other means (e.g., manual
// configuration), it may use a DHCPINFORM request message".
wire::DhcpMessage server_inform(const MacAddress& interface_mac, Ipv4 own, std::uint32_t xid) {
  wire::DhcpMessage message = question(wire::MessageType::inform, interface_mac, xid);
  message.ciaddr = own;
  return message;
}

bool is_server_question(const wire::DhcpMessage& message, const MacAddress& interface_mac) {
  bool ours = message.mac() == interface_mac || message.mac() == asker_on(interface_mac);
  return ours && message.options.get<opt::VendorClass>() == mark;
}

}  // namespace slipway::dhcp
