// SPDX-License-Identifier: MPL-2.0
#include "timeline/coverage.h"

#include <limits>

#include <gtest/gtest.h>

namespace slipway::timeline {

TEST(Coverage, CountsEveryByteOnce) {
  Coverage coverage;
  coverage.add(0, 100);
  coverage.add(0, 100);
  coverage.add(50, 100);
  EXPECT_EQ(coverage.bytes(), 150u);
  coverage.add(300, 100);
  EXPECT_EQ(coverage.bytes(), 250u);
  coverage.add(150, 150);  // fills the gap
  EXPECT_EQ(coverage.bytes(), 400u);
  coverage.add(10, 0);
  EXPECT_EQ(coverage.bytes(), 400u);
}

TEST(Coverage, StaysBoundedAndDoesNotOverflow) {
  Coverage coverage;
  for (std::uint64_t i = 0; i < 1000; ++i) coverage.add(i * 10, 1);
  EXPECT_EQ(coverage.bytes(), Coverage::max_ranges);
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  coverage.add(5, most);
  EXPECT_EQ(coverage.bytes(), most - 5 + 1);
}

}  // namespace slipway::timeline
