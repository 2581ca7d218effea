// SPDX-License-Identifier: MPL-2.0
#include "lease/age_index.h"

namespace slipway::lease {

void AgeIndex::cut(std::span<const model::AddressRange> pools) {
  stripes_.clear();
  stripes_[0];
  for (const model::AddressRange& pool : pools) {
    stripes_[pool.first.value];
    if (pool.last != Ipv4::broadcast()) stripes_[pool.last.value + 1];
  }
}

std::optional<Ipv4> AgeIndex::oldest(model::AddressRange range) const {
  std::optional<std::pair<Instant, Ipv4>> oldest;
  auto from = std::prev(stripes_.upper_bound(range.first.value));
  for (auto at = from; at != stripes_.end() && at->first <= range.last.value; ++at) {
    for (const auto& entry : at->second) {  // ends at the first one, unless the range cuts a stripe
      if (oldest && *oldest < entry) break;
      if (!range.contains(entry.second)) continue;
      oldest = entry;
      break;
    }
  }
  if (!oldest) return std::nullopt;
  return oldest->second;
}

}  // namespace slipway::lease
