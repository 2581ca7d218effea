// SPDX-License-Identifier: MPL-2.0
#include "base/address.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/hex.h"

namespace slipway {
namespace {

/// A decimal number without sign, blanks or leading zeros, at most `max`.
std::optional<unsigned> decimal(std::string_view text, unsigned max) {
  unsigned value = 0;
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max) return std::nullopt;
  return value;
}

std::string without(std::string_view text, char separator) {
  std::string kept;
  for (char c : text) {
    if (c != separator) kept += c;
  }
  return kept;
}

/// Whether `text` is groups of `width` hexadecimal digits joined by `separator`.
bool grouped(std::string_view text, std::size_t width, char separator) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool at_separator = i % (width + 1) == width;
    if ((text[i] == separator) != at_separator) return false;
  }
  return true;
}

}  // namespace

std::optional<Ipv4> Ipv4::parse(std::string_view text) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    std::size_t dot = text.find('.');
    bool last = part == 3;
    if ((dot == std::string_view::npos) != last) return std::nullopt;
    auto octet = decimal(text.substr(0, dot), 255);
    if (!octet) return std::nullopt;
    value = value << 8 | *octet;
    if (!last) text.remove_prefix(dot + 1);
  }
  return Ipv4{value};
}

std::string Ipv4::to_string() const {
  std::array<char, 15> text;  // by hand: it stands in sentences about every packet
  char* end = text.data();
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (shift != 24) *end++ = '.';
    end = std::to_chars(end, text.data() + text.size(), value >> shift & 255).ptr;
  }
  return {text.data(), end};
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto address = Ipv4::parse(text.substr(0, slash));
  auto length = decimal(text.substr(slash + 1), 32);
  if (!address || !length) return std::nullopt;
  Prefix prefix = containing(*address, static_cast<int>(*length));
  if (prefix.network != *address) return std::nullopt;
  return prefix;
}

Prefix Prefix::containing(Ipv4 address, int length) {
  Prefix prefix{address, length};
  prefix.network.value &= prefix.mask().value;
  return prefix;
}

std::string Prefix::to_string() const {
  return fmt::format("{}/{}", network.to_string(), length);
}

// RFC 5952 §4: no leading zeros, the first of the longest runs of zero fields, of two or more, as "::".
std::string Ipv6::to_string() const {
  std::array<unsigned, 8> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
  std::size_t gap = fields.size(), longest = 1;
  for (std::size_t begin = 0; begin < fields.size(); ++begin) {
    std::size_t end = begin;
    while (end < fields.size() && fields[end] == 0) ++end;
    if (end - begin > longest) gap = begin, longest = end - begin;
  }
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i == gap) {
      text += "::";
      i += longest - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", fields[i]);
  }
  return text;
}

std::string Endpoint::to_string() const {
  return fmt::format("{}:{}", address.to_string(), port);
}

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  std::string digits;
  if (text.size() == 17 && (text[2] == ':' || text[2] == '-') && grouped(text, 2, text[2])) {
    digits = without(text, text[2]);
  } else if (text.size() == 14 && grouped(text, 4, '.')) {
    digits = without(text, '.');
  } else if (text.size() == 12) {
    digits = text;
  }
  auto parsed = from_hex(digits);
  if (!parsed || parsed->size() != 6) return std::nullopt;
  MacAddress mac;
  std::copy(parsed->begin(), parsed->end(), mac.bytes.begin());
  return mac;
}

std::string MacAddress::to_string() const {
  return to_hex(bytes, ":");
}
std::string MacAddress::hyphens() const {
  return to_hex(bytes, "-");
}
std::string MacAddress::digits() const {
  return to_hex(bytes);
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
    return std::nullopt;
  }
  auto parsed = from_hex(without(text, '-'));
  if (!parsed || parsed->size() != 16) return std::nullopt;
  Uuid uuid;
  std::copy(parsed->begin(), parsed->end(), uuid.bytes.begin());
  return uuid;
}

bool Uuid::is_placeholder() const {
  return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; }) ||
         std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0xff; });
}

std::string Uuid::to_string() const {
  std::string digits = to_hex(bytes);
  for (std::size_t at : {8, 13, 18, 23}) digits.insert(at, "-");
  return digits;
}

}  // namespace slipway
