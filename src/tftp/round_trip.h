// SPDX-License-Identifier: MPL-2.0
// The retransmission time-out from measured round trips (RFC 6298), with a floor fit for a LAN: a fixed
// short timer loses on slow paths, a fixed second loses everywhere else. Pure; one thread.
#pragma once

#include <optional>

#include "base/time.h"

namespace slipway::tftp {

class RoundTrip {
 public:
  RoundTrip(Duration first, Duration longest) : first_(first), longest_(longest) {}

  /// A round trip of a block that was sent once (Karn's rule is the caller's). Ends the back-off.
  void sample(Duration measured);
  /// A time-out happened: until the next sample, or the proof of a loss, the time-out is twice as long.
  void back_off();
  /// It was not the path that is slow, something was lost: ends the back-off. A line that loses a part of
  /// every window gives no sample, and would stay at the longest time-out for ever.
  void loss_proved() { doublings_ = 0; }

  Duration timeout() const;
  /// The shortest seen: nothing can be the answer to a packet younger than this.
  std::optional<Duration> shortest() const { return shortest_; }

 private:
  Duration first_, longest_;
  std::optional<Duration> smoothed_, shortest_;
  Duration variation_{0};
  int doublings_ = 0;
};

}  // namespace slipway::tftp
