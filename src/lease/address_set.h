// SPDX-License-Identifier: MPL-2.0
// A set of IPv4 addresses that finds the first absent one of a range without walking over those present:
// one bit per address in pages of a /16, with a bit per full word and a count per page. Memory: 8 KB
// for each /16 that was ever touched.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/address.h"
#include "model/subnet.h"

namespace slipway::lease {

class AddressSet {
 public:
  void insert(Ipv4 address);
  void erase(Ipv4 address);
  void set(Ipv4 address, bool present) { present ? insert(address) : erase(address); }
  bool contains(Ipv4 address) const;
  void clear() { pages_.clear(); }

  /// The lowest address of the range that is not in the set.
  std::optional<Ipv4> first_absent(model::AddressRange range) const;

 private:
  struct Page {
    std::array<std::uint64_t, 1024> words{};  // a bit per address
    std::array<std::uint64_t, 16> full{};     // a bit per word that has no absent address
    std::uint32_t count = 0;

    std::optional<std::uint32_t> first_absent(std::uint32_t from) const;
  };

  std::unordered_map<std::uint32_t, std::unique_ptr<Page>> pages_;  // by the upper 16 bits
};

}  // namespace slipway::lease
