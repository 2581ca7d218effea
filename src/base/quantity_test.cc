// SPDX-License-Identifier: MPL-2.0
#include "base/quantity.h"

#include <gtest/gtest.h>

namespace slipway {

using namespace std::chrono_literals;

TEST(Quantity, SpeaksOfBytesInTheUnitThatFits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(358'400'000), "358.4 MB");
  EXPECT_EQ(human_bytes(999'999), "1.0 MB");
}

TEST(Quantity, SpeaksOfTimeInTheUnitThatFits) {
  EXPECT_EQ(human_duration(1500us), "1.5 ms");
  EXPECT_EQ(human_duration(120ms), "120 ms");
  EXPECT_EQ(human_duration(3100ms), "3.1 s");
  EXPECT_EQ(human_duration(250s), "4 min 10 s");
  EXPECT_EQ(human_duration(26h), "26 h 0 min");
  EXPECT_EQ(human_duration(-5s), "0.0 ms");
}

TEST(Quantity, TellsNoRateWhereNoTimePassed) {
  EXPECT_EQ(rate_of(1000, 0s), 0u);
  EXPECT_EQ(rate_of(1000, 500ms), 2000u);
  EXPECT_EQ(rate_of(UINT64_MAX, 1us), UINT64_MAX);
}

}  // namespace slipway
