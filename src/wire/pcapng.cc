// SPDX-License-Identifier: MPL-2.0
// pcapng (draft-ietf-opsawg-pcapng): blocks, each with its length before and behind; a section head says the
// byte order, interface blocks say link types and clocks, packet blocks hold frames. Others are passed over.
#include "wire/capture_format.h"

namespace slipway::wire {
namespace {

enum Block : std::uint32_t {
  section_head = 0x0a0d0d0a,
  interface_description = 1,
  simple_packet = 3,
  old_packet = 2,
  enhanced_packet = 6,
};

struct Interface {
  std::uint32_t link = 0;
  std::uint8_t resolution = 6;  // if_tsresol: a power of ten, or with the top bit of two
  std::int64_t offset = 0;      // if_tsoffset, in seconds
};

/// A number of clock ticks since 1970. No clock a capture has seen is so far off that this overflows.
Instant instant_of(std::uint64_t ticks, const Interface& interface) {
  bool binary = (interface.resolution & 0x80) != 0;
  unsigned exponent = interface.resolution & 0x7f;
  std::uint64_t per_second = 1;
  for (unsigned i = 0; i < exponent; ++i) {
    if (per_second > (std::uint64_t{1} << 58)) return {};  // finer than anything that ticks
    per_second *= binary ? 2 : 10;
  }
  constexpr std::uint64_t micros = 1'000'000, last_second = 253402300799;
  std::uint64_t seconds = std::min(ticks / per_second, last_second);
  std::uint64_t rest = ticks % per_second;
  std::uint64_t fraction =
      per_second <= micros * micros ? rest * micros / per_second : rest / (per_second / micros);
  std::int64_t offset =
      std::max<std::int64_t>(std::min<std::int64_t>(interface.offset, 1'000'000'000), -1'000'000'000);
  return from_unix_seconds(static_cast<std::int64_t>(seconds) + offset) +
         std::chrono::microseconds{static_cast<std::int64_t>(fraction)};
}

class PcapngFormat final : public CaptureFormat {
 public:
  Step step(ByteView bytes) override {
    constexpr std::size_t smallest = 12, order_at = 8, most_interfaces = 4096;
    if (bytes.size() < smallest) return {};
    ByteReader in(bytes);
    std::uint32_t raw_type = in.u32();
    if (raw_type == section_head && !begin_section(bytes.subspan(order_at)))
      return {0, {}, PcapError::not_pcap};
    std::uint32_t type = raw_type == section_head ? raw_type : ordered(raw_type);
    std::uint32_t length = number(in);
    if (length < smallest || length % 4 != 0 || length > longest_frame + 4096) {
      return {0, {}, PcapError::frame_too_long};
    }
    if (length > bytes.size()) return {};
    ByteReader body(bytes.subspan(8, length - smallest));
    Step done{length, {}, {}};
    if (type == interface_description && interfaces_.size() < most_interfaces) describe(body);
    if (type == enhanced_packet || type == old_packet) done.frame = packet(body, type);
    if (type == simple_packet) done.frame = simple(body);
    if (done.frame && !is_supported(static_cast<std::uint32_t>(done.frame->link))) {
      return {0, {}, PcapError::unsupported_link_type};
    }
    return done;
  }

 private:
  std::uint32_t ordered(std::uint32_t value) const { return little_ ? __builtin_bswap32(value) : value; }
  std::uint32_t number(ByteReader& in) const { return ordered(in.u32()); }
  std::uint16_t half(ByteReader& in) const {
    std::uint16_t value = in.u16();
    return little_ ? __builtin_bswap16(value) : value;
  }

  bool begin_section(ByteView behind_length) {
    ByteReader in(behind_length);
    std::uint32_t magic = in.u32();
    if (!in.ok() || (magic != 0x1a2b3c4d && magic != 0x4d3c2b1a)) return false;
    little_ = magic == 0x4d3c2b1a;
    interfaces_.clear();
    return true;
  }

  void describe(ByteReader& in) {
    Interface interface;
    interface.link = half(in);
    in.take(6);  // reserved, snapshot length
    while (in.remaining() >= 4) {
      std::uint16_t code = half(in);
      std::uint16_t length = half(in);
      if (code == 0) break;
      ByteReader value(in.take((length + 3u) & ~3u));
      if (code == 9) interface.resolution = value.u8();
      if (code == 14) {
        std::uint64_t first = number(value), second = number(value);
        interface.offset = static_cast<std::int64_t>(little_ ? second << 32 | first : first << 32 | second);
      }
    }
    interfaces_.push_back(interface);
  }

  std::optional<Frame> packet(ByteReader& in, std::uint32_t type) {
    std::uint32_t which = type == enhanced_packet ? number(in) : half(in);
    if (type == old_packet) in.take(2);  // drops
    std::uint64_t high = number(in), low = number(in);
    std::uint32_t captured = number(in);
    in.take(4);  // length on the wire
    ByteView content = in.take(captured);
    if (!in.ok() || which >= interfaces_.size()) return std::nullopt;
    const Interface& interface = interfaces_[which];
    return Frame{LinkType{interface.link}, content, instant_of(high << 32 | low, interface)};
  }

  std::optional<Frame> simple(ByteReader& in) {
    std::uint32_t length = number(in);
    ByteView content = in.take(std::min<std::size_t>(length, in.remaining()));
    if (!in.ok() || interfaces_.empty()) return std::nullopt;
    return Frame{LinkType{interfaces_.front().link}, content, Instant{}};
  }

  bool little_ = false;
  std::vector<Interface> interfaces_;
};

}  // namespace

std::unique_ptr<CaptureFormat> pcapng_format() {
  return std::make_unique<PcapngFormat>();
}

}  // namespace slipway::wire
