// SPDX-License-Identifier: MPL-2.0
#include "wire/udp_in_ipv4.h"

#include <algorithm>

namespace slipway::wire {

Packet read_udp_in_ipv4(ByteView packet, Instant at) {
  constexpr std::uint8_t protocol_udp = 17;
  constexpr std::uint16_t more_fragments = 0x2000, offset_bits = 0x1fff;
  constexpr std::size_t ip_header = 20, udp_header = 8;
  ByteReader in(packet);
  std::uint8_t version_and_words = in.u8();
  std::size_t header = static_cast<std::size_t>(version_and_words & 15) * 4;
  in.take(1);
  std::size_t total = in.u16();  // Ethernet pads to more, a capture may hold less: UDP's own length decides
  std::uint16_t id = in.u16();
  std::uint16_t fragment = in.u16();
  in.take(1);
  std::uint8_t protocol = in.u8();
  in.take(2);
  Datagram datagram;
  datagram.at = at;
  datagram.from.address.value = in.u32();
  datagram.to.address.value = in.u32();
  if (!in.ok() || version_and_words >> 4 != 4 || header < ip_header || protocol != protocol_udp) return {};
  if ((fragment & (more_fragments | offset_bits)) != 0) {
    return {{},
            Fragment{at, datagram.from.address, datagram.to.address, id,
                     static_cast<std::size_t>(fragment & offset_bits) * 8, total - std::min(total, header),
                     (fragment & more_fragments) != 0}};
  }
  in.take(header - ip_header);
  datagram.from.port = in.u16();
  datagram.to.port = in.u16();
  std::uint16_t length = in.u16();
  in.take(2);
  if (!in.ok() || length < udp_header) return {};
  std::size_t wanted = length - udp_header;
  datagram.cut = in.remaining() < wanted;
  datagram.payload = in.take(std::min(in.remaining(), wanted));
  return {datagram, {}};
}

}  // namespace slipway::wire
