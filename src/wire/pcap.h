// SPDX-License-Identifier: MPL-2.0
// The UDP datagrams of a capture file: classic pcap, either byte order, micro- or nanoseconds; Ethernet
// (with VLAN tags), raw IP and tcpdump's "any" link types. Pure over bytes, never throws, no checksums.
// What is not a whole IPv4 UDP datagram is counted, not returned. Any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace slipway::wire {

struct Datagram {
  Instant at{};
  Endpoint from, to;
  ByteView payload;  ///< of the bytes that were read
  bool cut = false;  ///< the capture holds only the beginning (tcpdump -s)
};

struct Capture {
  std::vector<Datagram> datagrams;
  std::size_t frames = 0;
  std::size_t fragments = 0;  ///< IPv4 fragments: not joined
  std::size_t others = 0;     ///< ARP, TCP, IPv6, malformed
  bool truncated = false;     ///< the file ends within a frame
};

enum class PcapError {
  not_pcap,
  pcapng,  ///< the newer format: `editcap -F pcap` or `tcpdump -r in -w out` makes a classic file of it
  unsupported_link_type,
};
std::string_view to_string(PcapError error);  ///< a sentence with the remedy

/// The datagrams point into `file`.
Result<Capture, PcapError> read_pcap(ByteView file);

}  // namespace slipway::wire
