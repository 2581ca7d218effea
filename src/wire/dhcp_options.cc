// SPDX-License-Identifier: MPL-2.0
#include "wire/dhcp_options.h"

#include <algorithm>
#include <limits>

namespace slipway::wire {

// --- Options ------------------------------------------------------------------------------------

namespace {

constexpr std::size_t usual_size = 256;  ///< of an answer's options: room from the start

}  // namespace

std::size_t Options::find(std::uint8_t code) const {
  std::size_t at = 0;
  for (Head head = head_at(records_.data()); head.code != code; head = head_at(records_.data() + at)) {
    at += sizeof(Head) + head.size;
  }
  return at;
}

std::optional<ByteView> Options::raw(std::uint8_t code) const {
  if (!has(code)) return std::nullopt;
  return (*Iterator(records_.data() + find(code))).value;
}

void Options::add(std::uint8_t code, ByteView value) {
  Head head{};
  head.size = static_cast<std::uint32_t>(value.size());
  head.code = code;
  std::size_t at = records_.size();
  if (at == 0) records_.reserve(usual_size);
  records_.resize(at + sizeof head + value.size());
  std::memcpy(&records_[at], &head, sizeof head);
  std::copy(value.begin(), value.end(), records_.begin() + static_cast<std::ptrdiff_t>(at + sizeof head));
  present_.set(code);
}

void Options::set_raw(std::uint8_t code, ByteView value) {
  if (!has(code)) return add(code, value);
  // Rare, so simple: everything anew, in the same order.
  Options changed;
  changed.reserve(records_.size() + value.size());
  for (auto [old_code, old_value] : entries()) changed.add(old_code, old_code == code ? value : old_value);
  *this = std::move(changed);
}

void Options::append_raw(std::uint8_t code, ByteView more) {
  auto there = raw(code);
  if (!there) return add(code, more);
  Bytes joined(there->begin(), there->end());
  joined.insert(joined.end(), more.begin(), more.end());
  set_raw(code, joined);
}

void Options::remove(std::uint8_t code) {
  if (!has(code)) return;
  auto record = records_.begin() + static_cast<std::ptrdiff_t>(find(code));
  records_.erase(record, record + static_cast<std::ptrdiff_t>(sizeof(Head) + head_at(&*record).size));
  present_.reset(code);
}

bool operator==(const Options& a, const Options& b) {
  if (a.present_ != b.present_) return false;
  auto entries = a.entries();
  return std::all_of(entries.begin(), entries.end(), [&b](const Options::Entry& entry) {
    return std::ranges::equal(entry.value, *b.raw(entry.code));
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
Octets<4> OptionCodec<Ipv4>::encode(const Ipv4& address) {
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

std::optional<Bytes> OptionCodec<Bytes>::decode(ByteView bytes) {
  return Bytes(bytes.begin(), bytes.end());
}

std::optional<std::uint8_t> OptionCodec<std::uint8_t>::decode(ByteView bytes) {
  return decode_number<std::uint8_t>(bytes);
}
Octets<1> OptionCodec<std::uint8_t>::encode(const std::uint8_t& value) {
  return {value};
}

std::optional<std::uint16_t> OptionCodec<std::uint16_t>::decode(ByteView bytes) {
  return decode_number<std::uint16_t>(bytes);
}
Octets<2> OptionCodec<std::uint16_t>::encode(const std::uint16_t& value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

std::optional<std::uint32_t> OptionCodec<std::uint32_t>::decode(ByteView bytes) {
  return decode_number<std::uint32_t>(bytes);
}
Octets<4> OptionCodec<std::uint32_t>::encode(const std::uint32_t& value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
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
Octets<4> OptionCodec<std::chrono::seconds>::encode(const std::chrono::seconds& value) {
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
Octets<1> OptionCodec<MessageType>::encode(const MessageType& type) {
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

std::size_t encoded_size(ByteView value) {
  std::size_t pieces = std::max<std::size_t>(1, (value.size() + max_option_piece - 1) / max_option_piece);
  return value.size() + 2 * pieces;
}

std::size_t write_option(std::uint8_t code, ByteView value, std::span<std::uint8_t> out) {
  std::size_t at = 0;
  do {
    ByteView piece = value.first(std::min(value.size(), max_option_piece));
    out[at++] = code;
    out[at++] = static_cast<std::uint8_t>(piece.size());
    std::ranges::copy(piece, out.begin() + static_cast<std::ptrdiff_t>(at));
    at += piece.size();
    value = value.subspan(piece.size());
  } while (!value.empty());
  return at;
}

Bytes encode_suboptions(const Options& options) {
  std::size_t size = 0, at = 0;
  for (auto [code, value] : options.entries()) size += encoded_size(value);
  Bytes out(size);
  for (auto [code, value] : options.entries()) at += write_option(code, value, std::span(out).subspan(at));
  return out;
}

}  // namespace slipway::wire
