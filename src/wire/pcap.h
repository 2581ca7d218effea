// SPDX-License-Identifier: MPL-2.0
// The UDP datagrams of a capture: classic pcap (either byte order, micro- or nanoseconds) and pcapng;
// Ethernet (with VLAN tags), raw IP and tcpdump's "any" link types. Pure over bytes, never throws, checks no
// checksums and joins no fragments. A file is read as a whole, a stream as its bytes come. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "wire/udp_in_ipv4.h"

namespace slipway::wire {

enum class LinkType : std::uint32_t {  // https://www.tcpdump.org/linktypes.html
  ethernet = 1,
  raw_bsd = 12,
  raw_openbsd = 14,
  raw = 101,
  linux_cooked = 113,
  ipv4 = 228,
  linux_cooked_v2 = 276,
};

/// The packet in one frame.
Packet read_frame(LinkType link, ByteView frame, Instant at);

enum class PcapError {
  not_pcap,
  unsupported_link_type,
  frame_too_long,  ///< longer than any frame: the file is damaged
};
std::string_view to_string(PcapError error);  ///< a sentence with the remedy

class CaptureFormat;

/// The frames of a capture, one after another, out of bytes that come in pieces of any size.
class CaptureStream {
 public:
  CaptureStream();
  ~CaptureStream();
  CaptureStream(const CaptureStream&) = delete;
  CaptureStream& operator=(const CaptureStream&) = delete;

  void feed(ByteView more);
  /// The next whole frame; nothing until more is fed, or for ever after an error. A datagram points into
  /// the stream and is good until the next `feed`.
  std::optional<Packet> next();
  const std::optional<PcapError>& error() const { return error_; }
  /// What was fed ends within a frame.
  bool is_inside_frame() const { return used_ < buffer_.size(); }

 private:
  Bytes buffer_;
  std::size_t used_ = 0;
  std::unique_ptr<CaptureFormat> format_;
  std::optional<PcapError> error_;
};

struct Capture {
  std::vector<Datagram> datagrams;
  std::vector<Fragment> fragments;
  std::size_t frames = 0;
  std::size_t others = 0;  ///< ARP, TCP, IPv6, malformed
  bool truncated = false;  ///< the file ends within a frame
};

/// The datagrams point into `file`.
Result<Capture, PcapError> read_pcap(ByteView file);

}  // namespace slipway::wire
