// SPDX-License-Identifier: MPL-2.0
// What the configuration has for one client in one subnet, all levels laid over each other: machine,
// groups, pool, classes, subnet, everyone; the inner one wins, of groups and classes the first. Points into
// the plan and copies nothing. Pure.
#pragma once

#include <array>
#include <bitset>

#include "dhcp/inquiry.h"

namespace slipway::dhcp {

class Configured {
 public:
  /// `address`: the one the client gets, for the options of its pool; any(): none.
  Configured(const Inquiry& inquiry, const model::Subnet& subnet, Ipv4 address);

  /// Null: nothing is configured, or it is never to be sent.
  const Bytes* value(std::uint8_t code) const { return never_.test(code) ? nullptr : values_[code]; }
  bool is_banned(std::uint8_t code) const { return never_.test(code); }  ///< by `never-send`
  const std::bitset<256>& always_sent() const { return always_; }

 private:
  void lay_over(const model::OptionLayer& inner);

  std::array<const Bytes*, 256> values_{};
  std::bitset<256> always_, never_;
};

/// The same for one code, where all of them would be too much to look at; pools do not count.
const Bytes* nearest_value(const Inquiry& inquiry, const model::Subnet& subnet, std::uint8_t code);

/// RFC 8925 §3.3: the client can do without IPv4, and so can every subnet it could be in.
bool prefers_ipv6(const Inquiry& inquiry);

}  // namespace slipway::dhcp
