// SPDX-License-Identifier: MPL-2.0
#include "base/bandwidth.h"

#include <algorithm>
#include <limits>

namespace slipway {
namespace {

constexpr std::uint64_t least_burst = 128 * 1024;  // a whole TFTP window, and what a loop sends at once
constexpr std::uint64_t bursts_per_second = 50;    // else what is earned in so long: loops wake late
constexpr std::int64_t second = 1'000'000'000;

std::int64_t nanoseconds_of(Tick tick) {
  return std::chrono::nanoseconds(tick.time_since_epoch()).count();
}

}  // namespace

Bandwidth::Bandwidth(std::uint64_t bits_per_second)
    : bits_per_second_(std::max<std::uint64_t>(bits_per_second, 8)),
      burst_(std::max(least_burst, bits_per_second_ / 8 / bursts_per_second)),
      burst_time_(nanoseconds(burst_)),
      paid_until_(std::numeric_limits<std::int64_t>::min() / 2) {}

std::uint64_t Bandwidth::take(std::uint64_t wanted, Tick now, std::uint64_t least) {
  std::int64_t at = nanoseconds_of(now);
  std::int64_t paid = paid_until_.load(std::memory_order_relaxed);
  while (true) {
    std::int64_t from = std::max(paid, at - burst_time_);  // what was not used in time is lost
    std::uint64_t may = at > from ? std::min(bytes(at - from), burst_) : 0;
    std::uint64_t granted = std::min(wanted, may);
    if (granted < std::min({wanted, std::max<std::uint64_t>(least, 1), burst_})) return 0;
    if (paid_until_.compare_exchange_weak(paid, from + nanoseconds(granted), std::memory_order_relaxed))
      return granted;
  }
}

void Bandwidth::charge(std::int64_t bytes, Tick now) {
  std::int64_t at = nanoseconds_of(now);
  std::int64_t cost = bytes < 0 ? -nanoseconds(static_cast<std::uint64_t>(-bytes))
                                : nanoseconds(static_cast<std::uint64_t>(bytes));
  std::int64_t paid = paid_until_.load(std::memory_order_relaxed);
  while (!paid_until_.compare_exchange_weak(paid, std::max(paid, at - burst_time_) + cost,
                                            std::memory_order_relaxed)) {
  }
}

Tick Bandwidth::when(std::uint64_t bytes, Tick now) const {
  std::int64_t due = paid_until_.load(std::memory_order_relaxed) + nanoseconds(std::min(bytes, burst_));
  std::int64_t wait = due - nanoseconds_of(now);
  return wait <= 0 ? now : now + std::chrono::ceil<Duration>(std::chrono::nanoseconds(wait));
}

// Without overflow: a call is of no more than gigabytes, and never of more time than a burst takes.
std::int64_t Bandwidth::nanoseconds(std::uint64_t bytes) const {
  return static_cast<std::int64_t>(bytes * static_cast<std::uint64_t>(second) / (bits_per_second_ / 8));
}

std::uint64_t Bandwidth::bytes(std::int64_t nanoseconds) const {
  return static_cast<std::uint64_t>(nanoseconds) * (bits_per_second_ / 8) /
         static_cast<std::uint64_t>(second);
}

}  // namespace slipway
