// SPDX-License-Identifier: MPL-2.0
#include "dhcp/proxy_responder.h"

#include "dhcp/reply.h"
#include "wire/pxe_options.h"

namespace slipway::dhcp {
namespace {

using model::Stage;
using wire::MessageType;
namespace opt = wire::opt;

bool is_boot_client(const Inquiry& inquiry) {
  std::string_view vendor_class = inquiry.client().vendor_class;
  return vendor_class.starts_with("PXEClient") || vendor_class.starts_with("HTTPClient");
}

bool wants_pxe_options(const model::Client& client) {
  return client.stage == Stage::ipxe || (client.stage == Stage::pxe_rom && client.arch == model::Arch::bios);
}

wire::DhcpMessage contents(const Inquiry& inquiry, MessageType type, const BootChoice& boot) {
  const wire::DhcpMessage& request = inquiry.message;
  wire::DhcpMessage reply = answer_to(request);
  if (type == MessageType::ack) reply.ciaddr = request.ciaddr;
  wire::Options& options = reply.options;
  options.set<opt::MessageType>(type);
  options.set<opt::ServerId>(inquiry.server_id());
  options.set<opt::VendorClass>(inquiry.client().stage == Stage::http_rom ? "HTTPClient" : "PXEClient");
  put_boot(reply, boot);
  if (wants_pxe_options(inquiry.client())) {
    wire::PxeOptions pxe;
    pxe.discovery_control = wire::PxeOptions::use_offered_file;
    options.set<opt::VendorOptions>(wire::encode_pxe_options(pxe));
  }
  for (std::uint8_t code : {opt::ClientId::code, opt::ClientUuid::code, opt::RelayAgent::code}) {
    if (auto value = request.options.raw(code)) options.set_raw(code, *value);
  }
  return reply;
}

Verdict on_port_67(Inquiry& inquiry, const BootChoice& boot) {
  // The address is the other server's business, whatever the client wants of it.
  if (inquiry.trace.asked != MessageType::discover) return Ignore{Drop::proxy_gives_no_address, {}};
  if (!boot.says_something()) return Ignore{Drop::no_boot_file, boot.note};
  inquiry.trace.reason = "offered a boot file beside another server: " + boot.note;
  return Answer{contents(inquiry, MessageType::offer, boot),
                destination_of(inquiry.message, inquiry.arrival, Ipv4::any()), inquiry.arrival.local,
                wire::dhcp_server_port, max_size_of(inquiry.message)};
}

/// The client has its address by now. EDK2 asks from port 4011, iPXE from 68: the answer goes to where
/// the request came from.
Verdict on_port_4011(Inquiry& inquiry, const BootChoice& boot) {
  bool asks = inquiry.trace.asked == MessageType::request || inquiry.trace.asked == MessageType::inform;
  if (!asks) return Ignore{Drop::bad_message_type, {}};
  if (inquiry.names_another_server()) return Ignore{Drop::not_for_us, {}};
  if (!boot.says_something()) return Ignore{Drop::no_boot_file, boot.note};
  inquiry.trace.reason = "told its boot file on port 4011: " + boot.note;
  return Answer{contents(inquiry, MessageType::ack, boot), ToSource{inquiry.arrival.source},
                inquiry.arrival.local, wire::proxy_dhcp_port, max_size_of(inquiry.message)};
}

}  // namespace

Verdict answer_as_proxy(Inquiry& inquiry, const BootChoice& boot) {
  take_its_word(inquiry);
  if (!is_boot_client(inquiry)) return Ignore{Drop::no_pxe_client, {}};
  return inquiry.arrival.port == wire::proxy_dhcp_port ? on_port_4011(inquiry, boot)
                                                       : on_port_67(inquiry, boot);
}

}  // namespace slipway::dhcp
