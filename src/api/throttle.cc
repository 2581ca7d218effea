// SPDX-License-Identifier: MPL-2.0
#include "api/throttle.h"

#include <algorithm>

namespace slipway::api {
namespace {

constexpr std::chrono::minutes forgotten_after{15};

}  // namespace

std::chrono::seconds Throttle::pause(Ipv4 from, Instant now) const {
  auto record = known_.find(from);
  if (record == known_.end() || record->second.until <= now) return {};
  auto left = std::chrono::ceil<std::chrono::seconds>(record->second.until - now);
  return left > longest ? std::chrono::seconds{} : left;  // the clock was set back
}

void Throttle::failed(Ipv4 from, Instant now) {
  if (known_.size() >= most_addresses && !known_.contains(from)) {
    known_.erase(std::min_element(known_.begin(), known_.end(), [](const auto& a, const auto& b) {
      return a.second.until < b.second.until;
    }));
  }
  Record& record = known_[from];
  if (now - record.last > forgotten_after) record.failures = 0;
  record.last = now;
  int beyond = ++record.failures - free_tries;
  if (beyond < 0) return;
  auto wait = beyond >= 6 ? longest : std::min(longest, std::chrono::seconds{1 << beyond});
  record.until = now + wait;
}

}  // namespace slipway::api
