// SPDX-License-Identifier: MPL-2.0
// Under which name a client holds leases: its hardware address or its client identifier (RFC 2131
// §4.2), tagged, so that an identifier that happens to spell a hardware address is another client.
// Which of the two counts is decided by dhcp/identify, not here. A value; short keys do not allocate.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>

#include "base/address.h"
#include "base/bytes.h"

namespace slipway::lease {

class ClientKey {
 public:
  /// Nobody: the holder of a quarantined address. Equal to no client.
  ClientKey() = default;
  static ClientKey of_mac(const MacAddress& mac) { return ClientKey('m', mac.bytes); }
  static ClientKey of_client_id(ByteView id) { return ClientKey('i', id); }
  /// What `stored` gave. Nothing for bytes that no key is stored as.
  static std::optional<ClientKey> from_stored(ByteView bytes);

  bool is_nobody() const { return bytes_.empty(); }
  ByteView stored() const { return as_bytes(bytes_); }
  /// The same in every process and on every machine, unlike std::hash.
  std::uint64_t stable_hash() const;
  std::string to_string() const;  ///< "mac 52:54:00:12:34:56", "client id ff00...", "nobody"
  auto operator<=>(const ClientKey&) const = default;

 private:
  ClientKey(char tag, ByteView bytes) : bytes_(1, tag) { bytes_ += as_text(bytes); }

  std::string bytes_;  // tag, then the address or identifier; a string keeps 15 bytes inline
};

}  // namespace slipway::lease

template <>
struct std::hash<slipway::lease::ClientKey> {
  // Not noexcept, so that libstdc++ keeps the hash in each node: a look-up passes others by without their
  // bytes.
  std::size_t operator()(const slipway::lease::ClientKey& key) const {
    return std::hash<std::string_view>{}(slipway::as_text(key.stored()));
  }
};
