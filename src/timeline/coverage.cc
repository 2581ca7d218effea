// SPDX-License-Identifier: MPL-2.0
#include "timeline/coverage.h"

#include <algorithm>
#include <limits>

namespace slipway::timeline {

void Coverage::add(std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return;
  std::uint64_t begin = offset;
  std::uint64_t end = offset + std::min(length, std::numeric_limits<std::uint64_t>::max() - offset);
  auto first =
      std::find_if(ranges_.begin(), ranges_.end(), [&](const auto& range) { return range.second >= begin; });
  auto last = std::find_if(first, ranges_.end(), [&](const auto& range) { return range.first > end; });
  if (first == last) {
    if (ranges_.size() < max_ranges) ranges_.insert(first, {begin, end});
    return;
  }
  first->first = std::min(first->first, begin);
  first->second = std::max(std::prev(last)->second, end);
  ranges_.erase(std::next(first), last);
}

std::uint64_t Coverage::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [begin, end] : ranges_) sum += end - begin;
  return sum;
}

}  // namespace slipway::timeline
