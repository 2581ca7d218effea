// SPDX-License-Identifier: MPL-2.0
#include "sim/scheduler.h"

namespace slipway::sim {

void Scheduler::after(Duration wait, std::function<void()> happens) {
  plans_.push({now_ + wait, ++planned_, std::move(happens)});
}

void Scheduler::run_until(Instant end) {
  while (!plans_.empty() && plans_.top().at <= end) {
    Plan next = plans_.top();
    plans_.pop();
    now_ = next.at;
    next.happens();
  }
  now_ = end;
}

}  // namespace slipway::sim
