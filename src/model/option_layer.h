// SPDX-License-Identifier: MPL-2.0
// What one level of the configuration says about DHCP options: for everyone, for a subnet, a class, a
// pool, a group or one machine. Values are encoded already. A plain value, any thread; which level wins is
// the reply's business.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "base/bytes.h"

namespace slipway::model {

/// A DHCP option the operator set, already encoded (RFC 2132).
struct RawOption {
  std::uint8_t code = 0;
  Bytes value;
  friend bool operator==(const RawOption&, const RawOption&) = default;
};

struct OptionLayer {
  std::vector<RawOption> values;          ///< each code once
  std::vector<std::uint8_t> always_send;  ///< whether or not the client asks
  std::vector<std::uint8_t> never_send;   ///< whatever any level says

  OptionLayer() = default;
  OptionLayer(std::initializer_list<RawOption> options) : values(options) {}

  bool is_empty() const { return values.empty() && always_send.empty() && never_send.empty(); }
  const Bytes* find(std::uint8_t code) const;
  void set(std::uint8_t code, Bytes value);  ///< replaces what was there
  /// What `outer` says and this does not; the lists are joined.
  void fill_in(const OptionLayer& outer);

  friend bool operator==(const OptionLayer&, const OptionLayer&) = default;
};

struct Subnet;

/// A subnet with all that holds in the whole of it: its options, its keys (mask, router, dns, domain,
/// times), and what is said for everyone, in this order.
OptionLayer layer_of(const Subnet& subnet, const OptionLayer& everyone);

}  // namespace slipway::model
