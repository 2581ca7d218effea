// SPDX-License-Identifier: MPL-2.0
#include "net/arp.h"

#include <algorithm>

namespace slipway::net {
namespace {

constexpr std::uint16_t ethernet = 1, ipv4 = 0x0800, request = 1, reply = 2;
constexpr std::size_t mac_size = sizeof(MacAddress::bytes);

MacAddress mac_at(ByteReader& in) {
  MacAddress mac;
  ByteView bytes = in.take(mac.bytes.size());
  std::copy(bytes.begin(), bytes.end(), mac.bytes.begin());
  return mac;
}

}  // namespace

Bytes arp_request(const ArpQuestion& question) {
  ByteWriter packet;
  packet.u16(ethernet);
  packet.u16(ipv4);
  packet.u8(mac_size);
  packet.u8(sizeof question.wanted.value);
  packet.u16(request);
  packet.bytes(question.interface_mac.bytes);
  packet.u32(question.from.value);
  packet.zeros(mac_size);  // RFC 5227 §1.1: "ignored and SHOULD be set to all zeroes"
  packet.u32(question.wanted.value);
  return std::move(packet).take();
}

std::optional<ArpReply> parse_arp_reply(ByteView packet) {
  ByteReader in(packet);
  bool ipv4_on_ethernet =
      in.u16() == ethernet && in.u16() == ipv4 && in.u8() == mac_size && in.u8() == sizeof(Ipv4::value);
  bool answers = in.u16() == reply;
  ArpReply heard;
  heard.mac = mac_at(in);
  heard.address.value = in.u32();
  in.take(mac_size + sizeof(Ipv4::value));
  if (!in.ok() || !ipv4_on_ethernet || !answers) return std::nullopt;
  if (heard.mac.is_zero() || heard.mac.is_multicast() || heard.address.is_any()) return std::nullopt;
  return heard;
}

}  // namespace slipway::net
