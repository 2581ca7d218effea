// SPDX-License-Identifier: MPL-2.0
// Addresses ordered by age, cut at the borders of the pools so that the oldest of a pool is found at once.
// A range that is no union of pools gives the same answer, only slower.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "base/address.h"
#include "base/time.h"
#include "model/subnet.h"

namespace slipway::lease {

class AgeIndex {
 public:
  AgeIndex() { stripes_[0]; }

  /// Empties the index and cuts it at these borders.
  void cut(std::span<const model::AddressRange> pools);

  void insert(Ipv4 address, Instant since) { stripe(address).emplace(since, address); }
  void erase(Ipv4 address, Instant since) { stripe(address).erase({since, address}); }

  /// The address of the range that has been in longest.
  std::optional<Ipv4> oldest(model::AddressRange range) const;

 private:
  using Stripe = std::set<std::pair<Instant, Ipv4>>;
  Stripe& stripe(Ipv4 address) { return std::prev(stripes_.upper_bound(address.value))->second; }

  std::map<std::uint32_t, Stripe> stripes_;  // by first address; together they cover all addresses
};

}  // namespace slipway::lease
