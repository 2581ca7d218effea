// SPDX-License-Identifier: MPL-2.0
#include "messages.h"

#include <algorithm>
#include <cstring>

namespace slipway::bench {
namespace {

namespace opt = wire::opt;

// Places of the fixed header (RFC 2131 §2).
constexpr std::size_t xid_at = 4, ciaddr_at = 12, chaddr_at = 28, options_at = 240;

void put(std::uint8_t* at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::uint32_t get(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/// Where the value of this option begins, 0 where it is not there or not of that length.
std::size_t find(ByteView message, std::uint8_t code, std::size_t length) {
  std::size_t at = options_at;
  while (at + 1 < message.size() && message[at] != wire::option_end) {
    if (message[at] == wire::option_pad) {
      ++at;
      continue;
    }
    if (message[at] == code)
      return message[at + 1] == length && at + 2 + length <= message.size() ? at + 2 : 0;
    at += 2u + message[at + 1];
  }
  return 0;
}

}  // namespace

Messages::Messages(const Manner& manner) {
  for (Say what : {Say::discover, Say::request, Say::renew})
    forms_[static_cast<std::size_t>(what)] = form(what, manner);
}

Messages::Form Messages::form(Say what, const Manner& manner) {
  wire::DhcpMessage message;
  message.giaddr = manner.relay;
  message.hops = manner.relay.is_any() ? 0 : 1;
  message.flags = manner.relay.is_any() && what != Say::renew ? wire::broadcast_flag : 0;
  message.options.set<opt::MessageType>(what == Say::discover ? wire::MessageType::discover
                                                              : wire::MessageType::request);
  if (what == Say::request) {
    message.options.set<opt::RequestedAddress>({});
    message.options.set<opt::ServerId>({});
  }
  if (manner.firmware) {
    message.options.set<opt::MaxMessageSize>(1260);
    message.options.set<opt::ParameterList>({1, 3, 6, 12, 15, 43, 54, 60, 66, 67, 128, 150, 175});
    message.options.set<opt::VendorClass>("PXEClient:Arch:00000:UNDI:002001");
    message.options.set<opt::ClientArch>({0});
    message.options.set<opt::ClientInterface>({1, 2, 1});
    message.options.set<opt::ClientUuid>(Bytes(17));
  } else {
    message.options.set<opt::ParameterList>({1, 3, 6, 12, 15, 28, 42, 51, 54, 58, 59});
  }
  Form form;
  form.bytes = wire::serialize(message).bytes;
  form.address_at = what == Say::renew ? ciaddr_at : find(form.bytes, opt::RequestedAddress::code, 4);
  form.server_at = find(form.bytes, opt::ServerId::code, 4);
  form.uuid_at = find(form.bytes, opt::ClientUuid::code, 17);
  return form;
}

void Messages::write(Say what, const Details& details, Packet& packet) const {
  const Form& form = forms_[static_cast<std::size_t>(what)];
  std::uint8_t* bytes = packet.bytes.data();
  packet.size = std::min(form.bytes.size(), packet.bytes.size());
  std::memcpy(bytes, form.bytes.data(), packet.size);
  put(bytes + xid_at, details.xid);
  std::memcpy(bytes + chaddr_at, details.mac.bytes.data(), 6);
  if (form.address_at) put(bytes + form.address_at, details.address.value);
  if (form.server_at) put(bytes + form.server_at, details.server.value);
  if (form.uuid_at) std::memcpy(bytes + form.uuid_at + 11, details.mac.bytes.data(), 6);
}

std::optional<Heard> read_answer(ByteView datagram) {
  if (datagram.size() < options_at || datagram[0] != static_cast<std::uint8_t>(wire::Op::boot_reply))
    return {};
  std::size_t type = find(datagram, opt::MessageType::code, 1);
  std::size_t server = find(datagram, opt::ServerId::code, 4);
  if (!type || !server) return {};
  Heard heard;
  heard.type = static_cast<wire::MessageType>(datagram[type]);
  heard.xid = get(datagram.data() + xid_at);
  heard.address = {get(datagram.data() + ciaddr_at + 4)};
  heard.server = {get(datagram.data() + server)};
  std::memcpy(heard.mac.bytes.data(), datagram.data() + chaddr_at, 6);
  return heard;
}

}  // namespace slipway::bench
