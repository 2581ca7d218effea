// SPDX-License-Identifier: MPL-2.0
// Addresses as values: IPv4, prefix, endpoint, IPv6, Ethernet MAC, UUID. Parsing accepts what people and
// firmware write and yields nothing for anything else; `to_string` is the one canonical form.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace slipway {

/// An IPv4 address, held in host order so that ranges can be counted.
struct Ipv4 {
  std::uint32_t value = 0;

  static std::optional<Ipv4> parse(std::string_view text);  ///< dotted quad only
  static constexpr Ipv4 any() { return {0}; }
  static constexpr Ipv4 broadcast() { return {0xffffffff}; }

  bool is_any() const { return value == 0; }
  std::string to_string() const;
  auto operator<=>(const Ipv4&) const = default;
};

/// A network such as 10.99.99.0/24. Host bits are refused by `parse`.
struct Prefix {
  Ipv4 network;
  int length = 0;

  static std::optional<Prefix> parse(std::string_view text);
  /// The prefix of this length that holds `address`.
  static Prefix containing(Ipv4 address, int length);

  Ipv4 mask() const { return {length == 0 ? 0 : ~std::uint32_t{0} << (32 - length)}; }
  Ipv4 last() const { return {network.value | ~mask().value}; }  ///< broadcast address
  bool contains(Ipv4 address) const { return (address.value & mask().value) == network.value; }
  bool overlaps(const Prefix& other) const { return contains(other.network) || other.contains(network); }
  std::string to_string() const;
  auto operator<=>(const Prefix&) const = default;
};

struct Endpoint {
  Ipv4 address;
  std::uint16_t port = 0;

  std::string to_string() const;
  auto operator<=>(const Endpoint&) const = default;
};

/// An IPv6 address, in network order. We serve none; routers and link-local neighbours have one.
struct Ipv6 {
  std::array<std::uint8_t, 16> bytes{};

  bool is_any() const { return *this == Ipv6{}; }
  bool is_multicast() const { return bytes[0] == 0xff; }
  bool is_link_local() const { return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80; }  ///< fe80::/10
  std::string to_string() const;                                                        ///< RFC 5952
  auto operator<=>(const Ipv6&) const = default;
};

struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  /// "0c:c4:7a:ab:cd:ef", "0c-c4-...", "0cc4.7aab.cdef" or twelve digits, either case.
  static std::optional<MacAddress> parse(std::string_view text);

  bool is_zero() const { return *this == MacAddress{}; }
  bool is_multicast() const { return (bytes[0] & 1) != 0; }
  std::string to_string() const;  ///< with colons
  std::string hyphens() const;    ///< iPXE's hexhyp, PXELINUX' file names
  std::string digits() const;     ///< twelve lower-case digits
  auto operator<=>(const MacAddress&) const = default;
};

/// RFC 4122; as firmware sends it in option 97, first three fields in network order.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  static std::optional<Uuid> parse(std::string_view text);

  /// All zeros or all ones: what boards without a serial number report. No identity.
  bool is_placeholder() const;
  std::string to_string() const;
  auto operator<=>(const Uuid&) const = default;
};

}  // namespace slipway

template <>
struct std::hash<slipway::Ipv4> {
  std::size_t operator()(const slipway::Ipv4& ip) const noexcept {
    return std::hash<std::uint64_t>{}(ip.value * 0x9e3779b97f4a7c15ull);
  }
};
template <>
struct std::hash<slipway::MacAddress> {
  std::size_t operator()(const slipway::MacAddress& mac) const noexcept {
    std::uint64_t value = 0;
    for (std::uint8_t byte : mac.bytes) value = value << 8 | byte;
    return std::hash<std::uint64_t>{}(value * 0x9e3779b97f4a7c15ull);
  }
};
