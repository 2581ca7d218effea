// SPDX-License-Identifier: MPL-2.0
#include "lease/age_index.h"

#include <gtest/gtest.h>

namespace slipway::lease {
namespace {

constexpr Instant at(int second) {
  return from_unix_seconds(second);
}

TEST(AgeIndex, FindsTheOldestOfARange) {
  AgeIndex index;
  index.insert({5}, at(30));
  index.insert({6}, at(10));
  index.insert({7}, at(20));
  EXPECT_EQ(index.oldest({{5}, {7}}), Ipv4{6});
  EXPECT_EQ(index.oldest({{7}, {9}}), Ipv4{7});
  EXPECT_EQ(index.oldest({{8}, {9}}), std::nullopt);
  index.erase({6}, at(10));
  EXPECT_EQ(index.oldest({{5}, {7}}), Ipv4{7});
}

TEST(AgeIndex, AnswersTheSameHoweverThePoolsAreCut) {
  const std::vector<std::vector<model::AddressRange>> cuts{
      {}, {{{10}, {19}}, {{20}, {29}}}, {{{15}, {24}}}, {{{0}, {0xffffffff}}}};
  for (const auto& pools : cuts) {
    AgeIndex index;
    index.cut(pools);
    index.insert({12}, at(3));
    index.insert({18}, at(2));
    index.insert({22}, at(1));
    index.insert({0xffffffff}, at(0));
    EXPECT_EQ(index.oldest({{10}, {19}}), Ipv4{18});
    EXPECT_EQ(index.oldest({{10}, {29}}), Ipv4{22});
    EXPECT_EQ(index.oldest({{10}, {17}}), Ipv4{12});
    EXPECT_EQ(index.oldest({{0}, {0xffffffff}}), Ipv4::broadcast());
  }
}

TEST(AgeIndex, TakesTheLowerOfTwoAddressesOfTheSameAge) {
  AgeIndex index;
  index.insert({9}, at(1));
  index.insert({8}, at(1));
  EXPECT_EQ(index.oldest({{0}, {20}}), Ipv4{8});
}

}  // namespace
}  // namespace slipway::lease
