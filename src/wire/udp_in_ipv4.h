// SPDX-License-Identifier: MPL-2.0
// The UDP datagram in an IPv4 packet, as captures and packet sockets hold it. Pure over bytes, never throws,
// looks at no checksum: whoever needs one has the bytes. Any thread.
#pragma once

#include <optional>

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"

namespace slipway::wire {

struct Datagram {
  Instant at{};
  Endpoint from, to;
  ByteView payload;  ///< of the bytes that were read
  bool cut = false;  ///< the capture holds only the beginning (tcpdump -s)
};

/// A part of a UDP datagram that the network split (RFC 791 §3.2); its ports are not told.
struct Fragment {
  Instant at{};
  Ipv4 from, to;
  std::uint16_t id = 0;
  std::size_t offset = 0, size = 0;  ///< in bytes
  bool more = false;                 ///< others follow
};

/// What one packet holds: a datagram, a part of one, or neither (ARP, TCP, IPv6, malformed).
struct Packet {
  std::optional<Datagram> datagram;
  std::optional<Fragment> fragment;
};

/// The IPv4 header (RFC 791 §3.1), then UDP's (RFC 768). The datagram points into the packet.
Packet read_udp_in_ipv4(ByteView packet, Instant at = {});

}  // namespace slipway::wire
