// SPDX-License-Identifier: MPL-2.0
#include "tftp/round_trip.h"

#include <algorithm>

namespace slipway::tftp {
namespace {
// A LAN answers in well under a millisecond; a busy client or hypervisor pauses for some.
constexpr Duration floor_of_variation = std::chrono::milliseconds(10);
constexpr int most_doublings = 16;
}  // namespace

void RoundTrip::sample(Duration measured) {
  doublings_ = 0;
  shortest_ = std::min(shortest_.value_or(measured), measured);
  if (!smoothed_) {  // RFC 6298 section 2.2
    smoothed_ = measured;
    variation_ = measured / 2;
    return;
  }
  // RFC 6298 section 2.3, alpha 1/8 and beta 1/4.
  Duration off = measured > *smoothed_ ? measured - *smoothed_ : *smoothed_ - measured;
  variation_ += (off - variation_) / 4;
  *smoothed_ += (measured - *smoothed_) / 8;
}

void RoundTrip::back_off() {
  doublings_ = std::min(doublings_ + 1, most_doublings);
}

Duration RoundTrip::timeout() const {
  Duration once = smoothed_ ? *smoothed_ + std::max(floor_of_variation, 4 * variation_) : first_;
  return std::min(once * (1 << doublings_), longest_);
}

}  // namespace slipway::tftp
