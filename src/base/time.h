// SPDX-License-Identifier: MPL-2.0
// Two clocks that are never mixed. Core rooms receive them as arguments and read neither.
#pragma once

#include <chrono>

namespace slipway {

using Duration = std::chrono::microseconds;

/// Wall-clock time: leases, events, anything that outlives the process. May jump.
using Instant = std::chrono::sys_time<Duration>;

/// Monotonic time: retransmissions, deadlines. Means nothing after a restart.
using Tick = std::chrono::time_point<std::chrono::steady_clock, Duration>;

struct Now {
  Instant wall;
  Tick tick;
};

/// Seconds since the epoch, as stores and leases keep them.
constexpr std::int64_t unix_seconds(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}
constexpr Instant from_unix_seconds(std::int64_t seconds) {
  return Instant{std::chrono::seconds{seconds}};
}

}  // namespace slipway
