// SPDX-License-Identifier: MPL-2.0
#include "wire/dhcp_options.h"

#include <algorithm>
#include <limits>

namespace slipway::wire {

// --- Options ------------------------------------------------------------------------------------

const Bytes* Options::raw(std::uint8_t code) const {
  for (const Entry& entry : entries_) {
    if (entry.code == code) return &entry.value;
  }
  return nullptr;
}

Bytes* Options::find(std::uint8_t code) {
  return const_cast<Bytes*>(std::as_const(*this).raw(code));
}

void Options::set_raw(std::uint8_t code, Bytes value) {
  if (Bytes* there = find(code)) {
    *there = std::move(value);
  } else {
    entries_.push_back({code, std::move(value)});
  }
}

void Options::append_raw(std::uint8_t code, ByteView more) {
  if (Bytes* there = find(code)) {
    there->insert(there->end(), more.begin(), more.end());
  } else {
    entries_.push_back({code, Bytes(more.begin(), more.end())});
  }
}

void Options::remove(std::uint8_t code) {
  std::erase_if(entries_, [code](const Entry& entry) { return entry.code == code; });
}

bool operator==(const Options& a, const Options& b) {
  return a.entries_.size() == b.entries_.size() &&
         std::all_of(a.entries_.begin(), a.entries_.end(), [&b](const Options::Entry& entry) {
           const Bytes* other = b.raw(entry.code);
           return other && *other == entry.value;
         });
}

// --- values -------------------------------------------------------------------------------------

namespace {

template <typename Number>
std::optional<Number> decode_number(ByteView bytes) {
  if (bytes.size() != sizeof(Number)) return std::nullopt;
  std::uint32_t value = 0;
  for (std::uint8_t byte : bytes) value = value << 8 | byte;
  return static_cast<Number>(value);
}

/// RFC 2132: lists have at least one entry and nothing left over.
template <typename Number>
std::optional<std::vector<Number>> decode_numbers(ByteView bytes) {
  if (bytes.empty() || bytes.size() % sizeof(Number) != 0) return std::nullopt;
  std::vector<Number> list;
  for (; !bytes.empty(); bytes = bytes.subspan(sizeof(Number))) {
    list.push_back(*decode_number<Number>(bytes.first(sizeof(Number))));
  }
  return list;
}

}  // namespace

std::optional<Ipv4> OptionCodec<Ipv4>::decode(ByteView bytes) {
  auto value = decode_number<std::uint32_t>(bytes);
  if (!value) return std::nullopt;
  return Ipv4{*value};
}
Bytes OptionCodec<Ipv4>::encode(const Ipv4& address) {
  return OptionCodec<std::uint32_t>::encode(address.value);
}

std::optional<std::vector<Ipv4>> OptionCodec<std::vector<Ipv4>>::decode(ByteView bytes) {
  auto values = decode_numbers<std::uint32_t>(bytes);
  if (!values) return std::nullopt;
  std::vector<Ipv4> list;
  for (std::uint32_t value : *values) list.push_back({value});
  return list;
}
Bytes OptionCodec<std::vector<Ipv4>>::encode(const std::vector<Ipv4>& list) {
  ByteWriter out;
  for (Ipv4 address : list) out.u32(address.value);
  return std::move(out).take();
}

std::optional<std::string> OptionCodec<std::string>::decode(ByteView bytes) {
  std::string text(as_text(bytes));
  text.erase(text.find_last_not_of('\0') + 1);  // many clients count a final NUL in
  return text;
}
Bytes OptionCodec<std::string>::encode(const std::string& text) {
  ByteView bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

std::optional<Bytes> OptionCodec<Bytes>::decode(ByteView bytes) {
  return Bytes(bytes.begin(), bytes.end());
}
Bytes OptionCodec<Bytes>::encode(const Bytes& bytes) {
  return bytes;
}

std::optional<std::uint8_t> OptionCodec<std::uint8_t>::decode(ByteView bytes) {
  return decode_number<std::uint8_t>(bytes);
}
Bytes OptionCodec<std::uint8_t>::encode(const std::uint8_t& value) {
  return {value};
}

std::optional<std::uint16_t> OptionCodec<std::uint16_t>::decode(ByteView bytes) {
  return decode_number<std::uint16_t>(bytes);
}
Bytes OptionCodec<std::uint16_t>::encode(const std::uint16_t& value) {
  ByteWriter out;
  out.u16(value);
  return std::move(out).take();
}

std::optional<std::uint32_t> OptionCodec<std::uint32_t>::decode(ByteView bytes) {
  return decode_number<std::uint32_t>(bytes);
}
Bytes OptionCodec<std::uint32_t>::encode(const std::uint32_t& value) {
  ByteWriter out;
  out.u32(value);
  return std::move(out).take();
}

std::optional<std::vector<std::uint16_t>> OptionCodec<std::vector<std::uint16_t>>::decode(ByteView bytes) {
  return decode_numbers<std::uint16_t>(bytes);
}
Bytes OptionCodec<std::vector<std::uint16_t>>::encode(const std::vector<std::uint16_t>& list) {
  ByteWriter out;
  for (std::uint16_t value : list) out.u16(value);
  return std::move(out).take();
}

std::optional<std::chrono::seconds> OptionCodec<std::chrono::seconds>::decode(ByteView bytes) {
  auto value = decode_number<std::uint32_t>(bytes);
  if (!value) return std::nullopt;
  return std::chrono::seconds{*value};
}
Bytes OptionCodec<std::chrono::seconds>::encode(const std::chrono::seconds& value) {
  // 0xffffffff means for ever (RFC 2131 §3.3): the nearest to anything longer.
  constexpr std::int64_t longest = std::numeric_limits<std::uint32_t>::max();
  return OptionCodec<std::uint32_t>::encode(
      static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.count(), 0, longest)));
}

std::optional<MessageType> OptionCodec<MessageType>::decode(ByteView bytes) {
  auto value = decode_number<std::uint8_t>(bytes);
  if (!value || to_string(MessageType{*value}).empty()) return std::nullopt;
  return MessageType{*value};
}
Bytes OptionCodec<MessageType>::encode(const MessageType& type) {
  return {static_cast<std::uint8_t>(type)};
}

// --- sub-options --------------------------------------------------------------------------------

std::optional<Options> parse_suboptions(ByteView value) {
  Options options;
  ByteReader in(value);
  while (in.ok() && !in.at_end()) {
    std::uint8_t code = in.u8();
    if (code == option_pad) continue;
    if (code == option_end) break;
    ByteView content = in.take(in.u8());
    if (in.ok()) options.append_raw(code, content);
  }
  if (!in.ok()) return std::nullopt;
  return options;
}

Bytes encode_suboptions(const Options& options) {
  ByteWriter out;
  for (const Options::Entry& entry : options.entries()) {
    ByteView rest = entry.value;
    do {
      ByteView piece = rest.first(std::min<std::size_t>(rest.size(), max_option_piece));
      out.u8(entry.code);
      out.u8(static_cast<std::uint8_t>(piece.size()));
      out.bytes(piece);
      rest = rest.subspan(piece.size());
    } while (!rest.empty());
  }
  return std::move(out).take();
}

}  // namespace slipway::wire
