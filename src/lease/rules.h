// SPDX-License-Identifier: MPL-2.0
// Which addresses are not for everyone: reserved ones (only for the client whose `Space::reserved` says
// so) and excluded ones (for nobody). A value, made anew with every plan.
#pragma once

#include <span>
#include <vector>

#include "base/address.h"
#include "model/plan.h"
#include "model/subnet.h"

namespace slipway::lease {

struct Rules {
  std::vector<Ipv4> reserved;
  std::vector<Ipv4> excluded;
  std::vector<model::AddressRange> pools;  ///< where the book cuts its index by age: all pools there are
  bool every_name = false;  ///< leases are also found by the identity they are not held under (RFC 4388)

  /// Reserved: every machine's address. Excluded: our own addresses, and of every subnet the network
  /// and broadcast address (below /31, RFC 3021), routers and relays.
  friend bool operator==(const Rules& a, const Rules& b);
  static Rules from(const model::Plan& plan, std::span<const Ipv4> own_addresses);
};

}  // namespace slipway::lease
