// SPDX-License-Identifier: MPL-2.0
// Time in a simulation: things happen in the order of their instants, and of their planning where these
// are equal. The same plan gives the same run. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "base/time.h"

namespace slipway::sim {

class Scheduler {
 public:
  Instant now() const { return now_; }
  void after(Duration wait, std::function<void()> happens);
  /// Until nothing is left that happens before `end`; then it is `end`.
  void run_until(Instant end);

 private:
  struct Plan {
    Instant at;
    std::uint64_t order;
    std::function<void()> happens;
    bool operator>(const Plan& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  Instant now_ = from_unix_seconds(1'700'000'000);
  std::uint64_t planned_ = 0;
  std::priority_queue<Plan, std::vector<Plan>, std::greater<>> plans_;
};

}  // namespace slipway::sim
