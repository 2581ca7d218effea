// SPDX-License-Identifier: MPL-2.0
// Option values as an operator writes and reads them: one row per type, both directions side by side.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/hex.h"
#include "base/printable.h"
#include "wire/dhcp_options.h"
#include "wire/domain_names.h"

namespace slipway::wire {
namespace {

using Encoded = std::optional<Bytes>;
using Described = std::optional<std::string>;

std::vector<std::string_view> words(std::string_view text) {
  constexpr std::string_view separators = ", \t";
  std::vector<std::string_view> result;
  for (std::size_t start = 0; (start = text.find_first_not_of(separators, start)) != text.npos;) {
    std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    result.push_back(text.substr(start, end - start));
    start = end;
  }
  return result;
}

/// Decimal, or hexadecimal after "0x".
template <typename Number>
std::optional<Number> number(std::string_view text) {
  int base = 10;
  if (text.substr(0, 2) == "0x") {
    base = 16;
    text.remove_prefix(2);
  }
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Ipv4> address(std::string_view text) {
  return Ipv4::parse(text);
}

Bytes copy_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

/// One value by `read`, in the bytes of its codec.
template <typename Value, auto read>
Encoded encode_one(std::string_view text) {
  auto value = read(text);
  if (!value) return std::nullopt;
  return copy_of(OptionCodec<Value>::encode(*value));
}

template <typename Value, auto read>
Encoded encode_list(std::string_view text) {
  std::vector<Value> list;
  for (std::string_view word : words(text)) {
    auto value = read(word);
    if (!value) return std::nullopt;
    list.push_back(*value);
  }
  if (list.empty()) return std::nullopt;
  return copy_of(OptionCodec<std::vector<Value>>::encode(list));
}

template <typename Value>
Described describe_number(ByteView bytes) {
  auto value = OptionCodec<Value>::decode(bytes);
  if (!value) return std::nullopt;
  return fmt::format("{}", *value);
}

template <typename Value>
Described describe_numbers(ByteView bytes) {
  auto list = OptionCodec<std::vector<Value>>::decode(bytes);
  if (!list || list->empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(*list, ", "));
}

Encoded encode_i32(std::string_view text) {
  auto value = number<std::int32_t>(text);
  if (!value) return std::nullopt;
  return copy_of(OptionCodec<std::uint32_t>::encode(static_cast<std::uint32_t>(*value)));
}
Described describe_i32(ByteView bytes) {
  auto value = OptionCodec<std::uint32_t>::decode(bytes);
  if (!value) return std::nullopt;
  return fmt::format("{}", static_cast<std::int32_t>(*value));
}

Encoded encode_seconds(std::string_view text) {
  if (text == "infinite") return Bytes{0xff, 0xff, 0xff, 0xff};
  return encode_one<std::uint32_t, number<std::uint32_t>>(text);
}
Described describe_seconds(ByteView bytes) {
  auto value = OptionCodec<std::uint32_t>::decode(bytes);
  if (!value) return std::nullopt;
  return *value == std::numeric_limits<std::uint32_t>::max() ? "infinite" : fmt::format("{}", *value);
}

Encoded encode_flag(std::string_view text) {
  if (text == "true" || text == "on" || text == "yes" || text == "1") return Bytes{1};
  if (text == "false" || text == "off" || text == "no" || text == "0") return Bytes{0};
  return std::nullopt;
}
Described describe_flag(ByteView bytes) {
  if (bytes.size() != 1 || bytes[0] > 1) return std::nullopt;
  return bytes[0] == 1 ? "true" : "false";
}

Encoded encode_text(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return Bytes(as_bytes(text).begin(), as_bytes(text).end());
}
Described describe_text(ByteView bytes) {
  return printable(as_text(bytes));
}

/// Hexadecimal digits, with colons between bytes or without.
Described describe_nothing(ByteView) {
  return std::nullopt;
}

Encoded encode_empty(std::string_view text) {
  if (!text.empty()) return std::nullopt;
  return Bytes{};
}
Described describe_empty(ByteView bytes) {
  if (!bytes.empty()) return std::nullopt;
  return std::string{};
}

Described describe_addresses(ByteView bytes) {
  auto list = OptionCodec<std::vector<Ipv4>>::decode(bytes);
  if (!list) return std::nullopt;
  std::string text;
  for (Ipv4 each : *list) text += (text.empty() ? "" : ", ") + each.to_string();
  return text;
}
Described describe_address(ByteView bytes) {
  return bytes.size() == 4 ? describe_addresses(bytes) : std::nullopt;
}

Encoded encode_pairs(std::string_view text) {
  auto bytes = encode_list<Ipv4, address>(text);
  if (bytes && bytes->size() % 8 != 0) return std::nullopt;
  return bytes;
}
Described describe_pairs(ByteView bytes) {
  auto list = OptionCodec<std::vector<Ipv4>>::decode(bytes);
  if (!list || list->size() % 2 != 0) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < list->size(); i += 2) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", (*list)[i].to_string(), (*list)[i + 1].to_string());
  }
  return text;
}

/// RFC 3442: the prefix length, as many bytes of the network as it covers, the router.
Encoded encode_routes(std::string_view text) {
  auto parts = words(text);
  std::erase(parts, "via");
  if (parts.empty() || parts.size() % 2 != 0) return std::nullopt;
  ByteWriter out;
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    auto network = Prefix::parse(parts[i]);
    auto router = Ipv4::parse(parts[i + 1]);
    if (!network || !router) return std::nullopt;
    out.u8(static_cast<std::uint8_t>(network->length));
    for (int shift = 24; shift > 24 - network->length; shift -= 8) {
      out.u8(static_cast<std::uint8_t>(network->network.value >> shift));
    }
    out.u32(router->value);
  }
  return std::move(out).take();
}
Described describe_routes(ByteView bytes) {
  ByteReader in(bytes);
  std::string text;
  while (in.ok() && !in.at_end()) {
    Prefix prefix;
    prefix.length = in.u8();
    if (prefix.length > 32) return std::nullopt;
    for (int shift = 24; shift > 24 - prefix.length; shift -= 8) {
      prefix.network.value |= static_cast<std::uint32_t>(in.u8()) << shift;
    }
    Ipv4 router{in.u32()};
    text += fmt::format("{}{} via {}", text.empty() ? "" : ", ", prefix.to_string(), router.to_string());
  }
  if (!in.ok() || text.empty()) return std::nullopt;
  return text;
}

Encoded encode_domains(std::string_view text) {
  auto names = words(text);
  return names.empty() ? std::nullopt : encode_domain_names({names.begin(), names.end()});
}
Described describe_domains(ByteView bytes) {
  auto names = parse_domain_names(bytes);
  if (!names || names->empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(*names, ", "));
}

Encoded encode_message_type(std::string_view text) {
  for (unsigned code = 1; code <= static_cast<unsigned>(MessageType::lease_active); ++code) {
    auto name = to_string(static_cast<MessageType>(code));
    if (!name.empty() && (text == name || text == fmt::to_string(code))) {
      return Bytes{static_cast<std::uint8_t>(code)};
    }
  }
  return std::nullopt;
}
Described describe_message_type(ByteView bytes) {
  auto type = OptionCodec<MessageType>::decode(bytes);
  if (!type) return std::nullopt;
  return std::string(to_string(*type));
}

/// "6=08, 10=00505845": code, then hexadecimal digits.
Encoded encode_nested(std::string_view text) {
  Options options;
  for (std::string_view word : words(text)) {
    std::size_t equals = word.find('=');
    if (equals == word.npos) return std::nullopt;
    auto code = number<std::uint8_t>(word.substr(0, equals));
    auto value = hex_bytes(word.substr(equals + 1));
    if (!code || *code == option_pad || *code == option_end || !value) return std::nullopt;
    options.append_raw(*code, *value);
  }
  if (options.entries().empty()) return std::nullopt;
  return encode_suboptions(options);
}
Described describe_nested(ByteView bytes) {
  auto options = parse_suboptions(bytes);
  if (!options || options->entries().empty()) return std::nullopt;
  std::string text;
  for (auto [code, value] : options->entries()) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", code, to_hex(value));
  }
  return text;
}

struct TypeRow {
  OptionType type;
  std::string_view name;
  std::string_view wants;
  std::string_view example;
  Encoded (*encode)(std::string_view);
  Described (*describe)(ByteView);
};

constexpr TypeRow rows[] = {
    {OptionType::bytes, "bytes", "bytes in hexadecimal", "01:0c:c4:7a", hex_bytes, describe_nothing},
    {OptionType::text, "text", "text", "rack7", encode_text, describe_text},
    {OptionType::flag, "flag", "true or false", "true", encode_flag, describe_flag},
    {OptionType::u8, "u8", "a number from 0 to 255", "64", encode_one<std::uint8_t, number<std::uint8_t>>,
     describe_number<std::uint8_t>},
    {OptionType::u16, "u16", "a number from 0 to 65535", "1500",
     encode_one<std::uint16_t, number<std::uint16_t>>, describe_number<std::uint16_t>},
    {OptionType::u32, "u32", "a number from 0 to 4294967295", "600",
     encode_one<std::uint32_t, number<std::uint32_t>>, describe_number<std::uint32_t>},
    {OptionType::i32, "i32", "a number from -2147483648 to 2147483647", "-3600", encode_i32, describe_i32},
    {OptionType::ipv4, "ipv4", "an IPv4 address", "10.0.0.1", encode_one<Ipv4, address>, describe_address},
    {OptionType::ipv4_list, "ipv4-list", "IPv4 addresses", "10.0.0.1, 10.0.0.2", encode_list<Ipv4, address>,
     describe_addresses},
    {OptionType::ipv4_pairs, "ipv4-pairs", "pairs of IPv4 addresses", "10.1.0.0 10.0.0.1", encode_pairs,
     describe_pairs},
    {OptionType::u8_list, "u8-list", "numbers from 0 to 255", "1, 3, 6",
     encode_list<std::uint8_t, number<std::uint8_t>>, describe_numbers<std::uint8_t>},
    {OptionType::u16_list, "u16-list", "numbers from 0 to 65535", "7, 9",
     encode_list<std::uint16_t, number<std::uint16_t>>, describe_numbers<std::uint16_t>},
    {OptionType::seconds, "seconds", "a number of seconds or \"infinite\"", "3600", encode_seconds,
     describe_seconds},
    {OptionType::message_type, "message-type", "a DHCP message type", "DHCPOFFER", encode_message_type,
     describe_message_type},
    {OptionType::routes, "routes", "networks with their routers", "10.1.0.0/16 via 10.0.0.1", encode_routes,
     describe_routes},
    {OptionType::domain_list, "domain-list", "domain names", "example.org, lab.example.org", encode_domains,
     describe_domains},
    {OptionType::nested, "sub-options", "sub-options as code=hexadecimal", "6=08, 8=000001", encode_nested,
     describe_nested},
    {OptionType::empty, "empty", "no value", "\"\"", encode_empty, describe_empty},
};

constexpr bool in_order_of_type() {
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    if (static_cast<std::size_t>(rows[i].type) != i) return false;
  }
  return std::size(rows) == static_cast<std::size_t>(OptionType::empty) + 1;
}
static_assert(in_order_of_type());

const TypeRow& row(OptionType type) {
  return rows[static_cast<std::size_t>(type)];
}

constexpr auto type_names = [] {
  std::array<std::string_view, std::size(rows)> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = rows[i].name;
  return names;
}();

}  // namespace

std::string_view to_string(OptionType type) {
  return row(type).name;
}

std::optional<OptionType> parse_option_type(std::string_view name) {
  auto found = std::find(type_names.begin(), type_names.end(), name);
  if (found == type_names.end()) return std::nullopt;
  return static_cast<OptionType>(found - type_names.begin());
}

std::span<const std::string_view> option_type_names() {
  return type_names;
}

std::optional<Bytes> hex_bytes(std::string_view text) {
  std::string digits(text);
  std::erase_if(digits, [](char c) { return c == ':' || c == ' '; });
  return from_hex(digits);
}

Result<Bytes, Fault> encode_option(const OptionInfo& info, std::string_view text) {
  constexpr std::string_view prefix = "hex:";
  const TypeRow& type = row(info.type);
  bool as_hex = text.substr(0, prefix.size()) == prefix;
  auto bytes = as_hex ? hex_bytes(text.substr(prefix.size())) : type.encode(text);
  if (bytes) return *std::move(bytes);
  std::string called = info.name.empty() ? fmt::format("option {}", info.code)
                                         : fmt::format("option {} ({})", info.name, info.code);
  return Fault{fmt::format("{} wants {}, not \"{}\"", called, type.wants, printable(text)),
               fmt::format("write for example {}, or its bytes as hex:...", type.example)};
}

std::string describe_option(std::uint8_t code, ByteView value) {
  if (const OptionInfo* info = find_option(code)) {
    const TypeRow& type = row(info->type);
    auto text = type.describe(value);
    // Escaped text and compressed names read well although they would be written otherwise.
    bool lossy = info->type == OptionType::text || info->type == OptionType::domain_list;
    if (text && (lossy || type.encode(*text) == Bytes(value.begin(), value.end()))) return *std::move(text);
  }
  return "hex:" + to_hex(value);
}

}  // namespace slipway::wire
