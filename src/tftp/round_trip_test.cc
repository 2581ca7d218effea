// SPDX-License-Identifier: MPL-2.0
#include "tftp/round_trip.h"

#include <gtest/gtest.h>

namespace slipway::tftp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RoundTrip, WaitsTheFirstTimeBeforeAnythingIsMeasured) {
  EXPECT_EQ(RoundTrip(milliseconds(300), seconds(3)).timeout(), milliseconds(300));
}

TEST(RoundTrip, IsShortOnALanAndNeverBelowItsFloor) {
  RoundTrip path(milliseconds(300), seconds(3));
  for (int i = 0; i < 100; ++i) path.sample(std::chrono::microseconds(200));
  EXPECT_GE(path.timeout(), milliseconds(10));
  EXPECT_LE(path.timeout(), milliseconds(11));
}

TEST(RoundTrip, FollowsASlowPath) {
  RoundTrip path(milliseconds(300), seconds(3));
  for (int i = 0; i < 100; ++i) path.sample(milliseconds(800));
  EXPECT_GE(path.timeout(), milliseconds(800));
  EXPECT_LE(path.timeout(), milliseconds(820));
}

TEST(RoundTrip, WidensWithVariation) {
  RoundTrip steady(milliseconds(300), seconds(3)), noisy = steady;
  for (int i = 0; i < 100; ++i) {
    steady.sample(milliseconds(50));
    noisy.sample(milliseconds(i % 2 ? 5 : 95));
  }
  EXPECT_GT(noisy.timeout(), steady.timeout() + milliseconds(50));
}

TEST(RoundTrip, DoublesUntilTheLongestAndEndsWithASample) {
  RoundTrip path(milliseconds(300), seconds(3));
  path.back_off();
  EXPECT_EQ(path.timeout(), milliseconds(600));
  for (int i = 0; i < 100; ++i) path.back_off();
  EXPECT_EQ(path.timeout(), seconds(3));
  path.sample(milliseconds(1));
  EXPECT_LT(path.timeout(), milliseconds(20));
}

TEST(RoundTrip, RemembersTheShortest) {
  RoundTrip path(milliseconds(300), seconds(3));
  EXPECT_FALSE(path.shortest());
  path.sample(milliseconds(9));
  path.sample(milliseconds(4));
  path.sample(milliseconds(7));
  EXPECT_EQ(path.shortest(), milliseconds(4));
}

}  // namespace
}  // namespace slipway::tftp
