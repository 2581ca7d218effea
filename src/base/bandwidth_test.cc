// SPDX-License-Identifier: MPL-2.0
#include "base/bandwidth.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Tick start{seconds(1000)};
constexpr std::uint64_t mbit = 1'000'000;

TEST(Bandwidth, GivesABurstAndThenNothing) {
  Bandwidth limit(8 * mbit);
  EXPECT_EQ(limit.take(10'000'000, start), limit.burst());
  EXPECT_EQ(limit.take(1, start), 0u);
}

TEST(Bandwidth, GivesWhatTheOperatorSetOverAnyLongTime) {
  Bandwidth limit(100 * mbit);
  std::uint64_t given = 0;
  for (Tick now = start; now < start + seconds(10); now += milliseconds(1)) given += limit.take(1 << 20, now);
  EXPECT_LE(given, 125'000'000 + limit.burst());
  EXPECT_GE(given, 124'900'000u);
}

TEST(Bandwidth, SavesNoMoreThanOneBurst) {
  Bandwidth limit(8 * mbit);
  limit.take(1, start);
  EXPECT_EQ(limit.take(10'000'000, start + seconds(3600)), limit.burst());
}

TEST(Bandwidth, GivesNoCrumbs) {
  Bandwidth limit(8 * mbit);  // a byte in a microsecond
  limit.take(limit.burst(), start);
  EXPECT_EQ(limit.take(65'536, start + milliseconds(10), 16'384), 0u);
  EXPECT_EQ(limit.take(100, start + milliseconds(10), 16'384), 100u) << "all that is wanted";
  EXPECT_EQ(limit.take(65'536, start + milliseconds(20), 16'384), 19'900u);
}

TEST(Bandwidth, SaysWhenToAskAgain) {
  Bandwidth limit(8 * mbit);
  EXPECT_EQ(limit.when(1000, start), start);
  limit.take(limit.burst(), start);
  EXPECT_EQ(limit.when(1000, start), start + milliseconds(1));
  EXPECT_EQ(limit.take(1000, limit.when(1000, start)), 1000u);
}

TEST(Bandwidth, IsPaidLaterForWhatWasSentWithoutAsking) {
  Bandwidth limit(8 * mbit);
  limit.charge(static_cast<std::int64_t>(limit.burst()) + 5000, start);
  EXPECT_EQ(limit.take(1, start), 0u);
  EXPECT_EQ(limit.take(1000, start + milliseconds(6)), 1000u);
}

TEST(Bandwidth, TakesBackWhatWasNotSent) {
  Bandwidth limit(8 * mbit);
  std::uint64_t given = limit.take(limit.burst(), start);
  limit.charge(-static_cast<std::int64_t>(given), start);
  EXPECT_EQ(limit.take(limit.burst(), start), limit.burst());
}

}  // namespace
}  // namespace slipway
