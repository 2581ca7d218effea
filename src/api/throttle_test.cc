// SPDX-License-Identifier: MPL-2.0
#include "api/throttle.h"

#include <gtest/gtest.h>

namespace slipway::api {
namespace {

using std::chrono::seconds;

const Instant start = from_unix_seconds(1704196800);
const Ipv4 there = *Ipv4::parse("192.0.2.7");

TEST(Throttle, LetsAFewSlipsPass) {
  Throttle throttle;
  for (int i = 1; i < Throttle::free_tries; ++i) throttle.failed(there, start);
  EXPECT_EQ(throttle.pause(there, start), seconds{0});
}

TEST(Throttle, MakesWhoGoesOnWaitLongerEachTime) {
  Throttle throttle;
  Instant now = start;
  for (int i = 1; i < Throttle::free_tries; ++i) throttle.failed(there, now);
  for (seconds expected :
       {seconds{1}, seconds{2}, seconds{4}, seconds{8}, seconds{16}, seconds{32}, seconds{60}}) {
    throttle.failed(there, now);
    EXPECT_EQ(throttle.pause(there, now), expected);
    now += expected;
    EXPECT_EQ(throttle.pause(there, now), seconds{0});
  }
  EXPECT_EQ(throttle.pause(*Ipv4::parse("192.0.2.8"), now), seconds{0}) << "nobody else";
}

TEST(Throttle, ForgetsWithAGoodTokenAndWithTime) {
  Throttle throttle;
  for (int i = 0; i < 8; ++i) throttle.failed(there, start);
  throttle.succeeded(there);
  EXPECT_EQ(throttle.pause(there, start), seconds{0});
  for (int i = 0; i < 8; ++i) throttle.failed(there, start);
  throttle.failed(there, start + std::chrono::hours(1));
  EXPECT_EQ(throttle.pause(there, start + std::chrono::hours(1)), seconds{0});
}

TEST(Throttle, LocksNobodyOutWhenTheClockIsSetBack) {
  Throttle throttle;
  for (int i = 0; i < 8; ++i) throttle.failed(there, start);
  EXPECT_EQ(throttle.pause(there, start - std::chrono::hours(1)), seconds{0});
}

}  // namespace
}  // namespace slipway::api
