// SPDX-License-Identifier: MPL-2.0
// What shows that a machine is up after it was given its kernel and archive. A value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::model {

struct UpRule {
  enum class Sign : std::uint8_t {
    stay,  ///< nothing of it: it does not come back to boot within the time
    dhcp,  ///< its operating system asks for an address
    tcp,   ///< a port answers
    call,  ///< it fetches /up/MAC from its own address
  };
  Sign sign = Sign::stay;
  std::uint16_t port = 0;  ///< of `tcp`
  /// From the last byte delivered; whoever is not up by then has failed, where the file names the sign.
  std::chrono::seconds within{600};
  bool said = false;  ///< by the file: its absence is a failure

  friend bool operator==(const UpRule&, const UpRule&) = default;
};

/// "stay", "dhcp", "tcp:22", "call".
std::string to_string(const UpRule& rule);
/// Sign and port; nothing: it is none of those.
std::optional<UpRule> parse_up_rule(std::string_view text);

}  // namespace slipway::model
