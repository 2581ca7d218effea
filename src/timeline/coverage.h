// SPDX-License-Identifier: MPL-2.0
// Which bytes of a file were delivered, however often and in whatever ranges: disjoint stretches, merged
// as they touch. Bounded: of a file fetched in very many separate pieces the newest are not counted.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace slipway::timeline {

class Coverage {
 public:
  static constexpr std::size_t max_ranges = 64;

  void add(std::uint64_t offset, std::uint64_t length);
  void clear() { ranges_.clear(); }
  std::uint64_t bytes() const;

 private:
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;  ///< [begin, end), ascending
};

}  // namespace slipway::timeline
