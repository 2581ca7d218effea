// SPDX-License-Identifier: MPL-2.0
#include "wire/capture_format.h"

#include <algorithm>

namespace slipway::wire {
namespace {

constexpr std::uint32_t pcapng_magic = 0x0a0d0d0a;

/// Numbers of a capture stand in the byte order of the machine that wrote it.
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

/// Classic pcap: a head of 24 bytes, then frames, each behind 16 bytes of its own.
class PcapFormat final : public CaptureFormat {
 public:
  explicit PcapFormat(FileOrder order) : order_(order) {}

  Step step(ByteView bytes) override { return link_ ? frame(bytes) : head(bytes); }

 private:
  static constexpr std::size_t head_size = 24, frame_head_size = 16;

  Step head(ByteView bytes) {
    if (bytes.size() < head_size) return {};
    ByteReader in(bytes);
    in.take(20);  // magic, version, zone, accuracy, snapshot length
    std::uint32_t link = order_.u32(in) & 0x0fffffff;
    if (!is_supported(link)) return {0, {}, PcapError::unsupported_link_type};
    link_ = LinkType{link};
    return {head_size, {}, {}};
  }

  Step frame(ByteView bytes) const {
    ByteReader in(bytes);
    std::chrono::seconds seconds{order_.u32(in)};
    std::uint32_t fraction = order_.u32(in);
    std::uint32_t captured = order_.u32(in);
    in.take(4);  // length on the wire
    if (in.ok() && captured > longest_frame) return {0, {}, PcapError::frame_too_long};
    ByteView content = in.take(captured);
    if (!in.ok()) return {};
    std::chrono::microseconds micros{order_.nanoseconds ? fraction / 1000 : fraction};
    return {frame_head_size + captured, Frame{*link_, content, Instant{seconds + micros}}, {}};
  }

  FileOrder order_;
  std::optional<LinkType> link_;
};

}  // namespace

bool is_supported(std::uint32_t link) {
  constexpr LinkType known[] = {
      LinkType::ethernet,     LinkType::raw_bsd, LinkType::raw_openbsd,    LinkType::raw,
      LinkType::linux_cooked, LinkType::ipv4,    LinkType::linux_cooked_v2};
  return std::find(std::begin(known), std::end(known), LinkType{link}) != std::end(known);
}

std::unique_ptr<CaptureFormat> capture_format_of(ByteView magic) {
  ByteReader in(magic);
  std::uint32_t number = in.u32();
  if (number == pcapng_magic) return pcapng_format();
  auto order = order_of(number);
  return order ? std::make_unique<PcapFormat>(*order) : nullptr;
}

}  // namespace slipway::wire
