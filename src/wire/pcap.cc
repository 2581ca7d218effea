// SPDX-License-Identifier: MPL-2.0
#include "wire/pcap.h"

#include <algorithm>
#include <optional>

namespace slipway::wire {
namespace {

/// Numbers of a pcap file stand in the byte order of the machine that wrote it.
struct FileOrder {
  bool little = false;
  bool nanoseconds = false;

  std::uint32_t u32(ByteReader& in) const {
    std::uint32_t value = in.u32();
    return little ? __builtin_bswap32(value) : value;
  }
};

std::optional<FileOrder> order_of(std::uint32_t magic) {
  switch (magic) {
    case 0xa1b2c3d4:
      return FileOrder{false, false};
    case 0xd4c3b2a1:
      return FileOrder{true, false};
    case 0xa1b23c4d:
      return FileOrder{false, true};
    case 0x4d3cb2a1:
      return FileOrder{true, true};
    default:
      return std::nullopt;
  }
}

// https://www.tcpdump.org/linktypes.html
enum LinkType : std::uint32_t {
  ethernet = 1,
  raw_bsd = 12,
  raw_openbsd = 14,
  raw = 101,
  linux_cooked = 113,
  ipv4 = 228,
  linux_cooked_v2 = 276,
};

bool supported(std::uint32_t link) {
  constexpr std::uint32_t known[] = {ethernet,     raw_bsd, raw_openbsd,    raw,
                                     linux_cooked, ipv4,    linux_cooked_v2};
  return std::find(std::begin(known), std::end(known), link) != std::end(known);
}

constexpr std::uint16_t ethertype_ipv4 = 0x0800, ethertype_vlan = 0x8100, ethertype_qinq = 0x88a8;

/// Moves behind the link header; false where no IPv4 follows.
bool skip_link_header(std::uint32_t link, ByteReader& in) {
  std::uint16_t type = ethertype_ipv4;
  switch (link) {
    case ethernet:
      in.take(12);
      type = in.u16();
      while (type == ethertype_vlan || type == ethertype_qinq) {
        in.take(2);
        type = in.u16();
      }
      break;
    case linux_cooked:
      in.take(14);
      type = in.u16();
      break;
    case linux_cooked_v2:
      type = in.u16();
      in.take(18);
      break;
    default:
      break;
  }
  return in.ok() && type == ethertype_ipv4;
}

enum class Found { datagram, fragment, other };

/// The IPv4 header (RFC 791 §3.1), then UDP's (RFC 768).
Found read_ipv4(ByteReader in, Datagram& datagram) {
  constexpr std::uint8_t protocol_udp = 17;
  constexpr std::uint16_t more_fragments_or_offset = 0x3fff;
  constexpr std::size_t ip_header = 20, udp_header = 8;
  std::uint8_t version_and_words = in.u8();
  std::size_t header = static_cast<std::size_t>(version_and_words & 15) * 4;
  in.take(1);
  in.u16();  // total length: a capture may hold less, Ethernet pads to more; UDP's own length decides
  in.take(2);
  std::uint16_t fragment = in.u16();
  in.take(1);
  std::uint8_t protocol = in.u8();
  in.take(2);
  datagram.from.address.value = in.u32();
  datagram.to.address.value = in.u32();
  if (!in.ok() || version_and_words >> 4 != 4 || header < ip_header || protocol != protocol_udp) {
    return Found::other;
  }
  if ((fragment & more_fragments_or_offset) != 0) return Found::fragment;
  in.take(header - ip_header);
  datagram.from.port = in.u16();
  datagram.to.port = in.u16();
  std::uint16_t length = in.u16();
  in.take(2);
  if (!in.ok() || length < udp_header) return Found::other;
  std::size_t wanted = length - udp_header;
  datagram.cut = in.remaining() < wanted;
  datagram.payload = in.take(std::min(in.remaining(), wanted));
  return Found::datagram;
}

void read_frame(std::uint32_t link, ByteView frame, Datagram datagram, Capture& capture) {
  ++capture.frames;
  ByteReader in(frame);
  Found found = skip_link_header(link, in) ? read_ipv4(in, datagram) : Found::other;
  if (found == Found::datagram) capture.datagrams.push_back(datagram);
  if (found == Found::fragment) ++capture.fragments;
  if (found == Found::other) ++capture.others;
}

}  // namespace

std::string_view to_string(PcapError error) {
  switch (error) {
    case PcapError::not_pcap:
      return "this is no capture file: the pcap magic number is missing";
    case PcapError::pcapng:
      return "this is a pcapng file; make a classic one of it with: tcpdump -r FILE -w NEW.pcap";
    case PcapError::unsupported_link_type:
      return "the capture's link type is not supported; capture on an Ethernet interface";
  }
  return "unknown";
}

Result<Capture, PcapError> read_pcap(ByteView file) {
  constexpr std::uint32_t pcapng_magic = 0x0a0d0d0a;
  ByteReader in(file);
  std::uint32_t magic = in.u32();
  if (magic == pcapng_magic) return PcapError::pcapng;
  auto order = order_of(magic);
  in.take(16);  // version, zone, accuracy, snapshot length
  std::uint32_t link = order ? order->u32(in) & 0x0fffffff : 0;
  if (!order || !in.ok()) return PcapError::not_pcap;
  if (!supported(link)) return PcapError::unsupported_link_type;

  Capture capture;
  while (!in.at_end()) {
    std::chrono::seconds seconds{order->u32(in)};
    std::uint32_t fraction = order->u32(in);
    std::uint32_t captured = order->u32(in);
    in.take(4);  // length on the wire
    ByteView frame = in.take(captured);
    if (!in.ok()) {
      capture.truncated = true;
      break;
    }
    Datagram datagram;
    datagram.at =
        Instant{seconds + std::chrono::microseconds{order->nanoseconds ? fraction / 1000 : fraction}};
    read_frame(link, frame, datagram, capture);
  }
  return capture;
}

}  // namespace slipway::wire
