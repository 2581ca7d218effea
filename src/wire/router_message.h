// SPDX-License-Identifier: MPL-2.0
// Router solicitations and advertisements of IPv6 (RFC 4861 §4.1, §4.2): bytes to values and back. Of the
// options it reads the sender's link-layer address; that there are others is noted, what they say is not.
// Checksums are the kernel's: written as zero, not looked at. Any thread. Bad bytes give a named fault.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"

namespace slipway::wire {

enum class Icmp6Type : std::uint8_t { router_solicitation = 133, router_advertisement = 134 };

struct RouterSolicitation {
  std::optional<MacAddress> link_layer;  ///< of the sender, where it is an Ethernet address
  bool has_link_layer = false;           ///< of whatever kind
  friend bool operator==(const RouterSolicitation&, const RouterSolicitation&) = default;
};

struct RouterAdvertisement {
  std::uint8_t hop_limit = 0;    ///< 0: not said
  std::uint8_t flags = 0;        ///< M, O and later ones
  std::uint16_t lifetime = 0;    ///< seconds as a default router; 0: it is none
  std::uint32_t reachable = 0;   ///< milliseconds; 0: not said
  std::uint32_t retransmit = 0;  ///< milliseconds; 0: not said
  bool informs = false;          ///< prefixes, name servers, routes: options besides the sender's address

  /// No host takes anything from it.
  bool says_nothing() const { return lifetime == 0 && flags == 0 && !informs; }
  friend bool operator==(const RouterAdvertisement&, const RouterAdvertisement&) = default;
};
using RouterMessage = std::variant<RouterSolicitation, RouterAdvertisement>;

/// What RFC 4861 §6.1.1 and §6.1.2 discard by the bytes alone.
enum class RouterFault { too_short, unknown_type, unknown_code, empty_option, option_past_end };

Result<RouterMessage, RouterFault> parse_router_message(ByteView bytes);

Bytes serialize(const RouterSolicitation& solicitation);
/// Without options: `informs` is not written.
Bytes serialize(const RouterAdvertisement& advertisement);

}  // namespace slipway::wire
