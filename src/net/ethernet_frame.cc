// SPDX-License-Identifier: MPL-2.0
#include "net/checksum.h"
#include "net/raw_sender.h"

namespace slipway::net {
namespace {

constexpr std::uint16_t ipv4 = 0x0800;
constexpr std::uint8_t udp_protocol = 17;
constexpr std::size_t ip_header = 20, udp_header = 8;
constexpr std::uint8_t time_to_live = 64;

std::uint16_t udp_checksum(const RawDatagram& datagram, std::uint16_t length) {
  Checksum sum;
  sum.add(datagram.from.address);
  sum.add(datagram.to.address);
  sum.add(udp_protocol);
  sum.add(length);  // in the pseudo header
  sum.add(length);  // and in the UDP header
  sum.add(datagram.from.port);
  sum.add(datagram.to.port);
  sum.add(datagram.bytes);
  return sum.value() == 0 ? 0xffff : sum.value();  // RFC 768: zero means no checksum
}

void write_ip_header(ByteWriter& out, const RawDatagram& datagram, std::uint16_t total) {
  constexpr std::uint16_t version_and_length = 0x4500, no_fragments = 0x4000;
  constexpr std::uint16_t life_and_protocol = time_to_live << 8 | udp_protocol;
  Checksum sum;
  for (std::uint16_t word : {version_and_length, total, no_fragments, life_and_protocol}) sum.add(word);
  sum.add(datagram.from.address);
  sum.add(datagram.to.address);
  out.u16(version_and_length);
  out.u16(total);
  out.u16(0);  // identification: never fragmented, RFC 6864
  out.u16(no_fragments);
  out.u16(life_and_protocol);
  out.u16(sum.value());
  out.u32(datagram.from.address.value);
  out.u32(datagram.to.address.value);
}

}  // namespace

Bytes ethernet_frame(const RawDatagram& datagram) {
  auto udp_length = static_cast<std::uint16_t>(udp_header + datagram.bytes.size());
  ByteWriter head;
  head.bytes(datagram.to_mac.bytes);
  head.bytes(datagram.interface_mac.bytes);
  head.u16(ipv4);
  write_ip_header(head, datagram, static_cast<std::uint16_t>(ip_header + udp_length));
  head.u16(datagram.from.port);
  head.u16(datagram.to.port);
  head.u16(udp_length);
  head.u16(udp_checksum(datagram, udp_length));
  Bytes frame;
  frame.reserve(head.size() + datagram.bytes.size());
  frame.insert(frame.end(), head.view().begin(), head.view().end());
  frame.insert(frame.end(), datagram.bytes.begin(), datagram.bytes.end());
  return frame;
}

}  // namespace slipway::net
