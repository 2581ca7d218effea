// SPDX-License-Identifier: MPL-2.0
// How many bytes may go out now, where an operator set so many bits a second: one token bucket, shared by
// whatever sends into that network (the generic cell rate algorithm: one number, no timer of its own).
// Any thread; takes no lock and reads no clock. Who is given less than it wants asks again at `when`.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/time.h"

namespace slipway {

class Bandwidth {
 public:
  explicit Bandwidth(std::uint64_t bits_per_second);

  /// How many of `wanted` bytes may be sent now, and takes them. Either all, or at least `least`, or none:
  /// crumbs cost a system call each.
  std::uint64_t take(std::uint64_t wanted, Tick now, std::uint64_t least = 1);
  /// Bytes that were sent without asking, headers or short texts for example; negative: taken and not sent.
  void charge(std::int64_t bytes, Tick now);
  /// The earliest time at which `bytes` may be taken, at most a whole burst; `now` when they may be already.
  Tick when(std::uint64_t bytes, Tick now) const;

  std::uint64_t bits_per_second() const { return bits_per_second_; }
  /// The most that may go out at once, after a pause.
  std::uint64_t burst() const { return burst_; }

 private:
  std::int64_t nanoseconds(std::uint64_t bytes) const;
  std::uint64_t bytes(std::int64_t nanoseconds) const;

  std::uint64_t bits_per_second_;
  std::uint64_t burst_;
  std::int64_t burst_time_;               ///< nanoseconds in which a burst is earned
  std::atomic<std::int64_t> paid_until_;  ///< nanoseconds of the monotonic clock
};

}  // namespace slipway
