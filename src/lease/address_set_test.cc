// SPDX-License-Identifier: MPL-2.0
#include "lease/address_set.h"

#include <set>

#include <gtest/gtest.h>

#include "base/random.h"

namespace slipway::lease {
namespace {

model::AddressRange range(std::uint32_t first, std::uint32_t last) {
  return {{first}, {last}};
}

TEST(AddressSet, FindsTheLowestAddressThatIsNotThere) {
  AddressSet set;
  EXPECT_EQ(set.first_absent(range(10, 20)), Ipv4{10});
  set.insert({10});
  set.insert({11});
  set.insert({13});
  EXPECT_EQ(set.first_absent(range(10, 20)), Ipv4{12});
  set.erase({10});
  EXPECT_EQ(set.first_absent(range(10, 20)), Ipv4{10});
}

TEST(AddressSet, FindsNothingInAFullRangeThoughThereIsRoomBesideIt) {
  AddressSet set;
  for (std::uint32_t i = 10; i <= 20; ++i) set.insert({i});
  EXPECT_EQ(set.first_absent(range(10, 20)), std::nullopt);
  EXPECT_EQ(set.first_absent(range(10, 21)), Ipv4{21});
}

TEST(AddressSet, GoesOverManyFullPagesToTheLastAddress) {
  AddressSet set;
  for (std::uint32_t i = 0x0a000000; i < 0x0a040000; ++i) set.insert({i});
  EXPECT_EQ(set.first_absent(range(0x0a000005, 0x0a0fffff)), Ipv4{0x0a040000});
  set.erase({0x0a03ffff});
  EXPECT_EQ(set.first_absent(range(0x0a000005, 0x0a0fffff)), Ipv4{0x0a03ffff});
}

TEST(AddressSet, ReachesTheEndOfTheAddressSpace) {
  AddressSet set;
  set.insert({0xfffffffe});
  EXPECT_EQ(set.first_absent(range(0xfffffffe, 0xffffffff)), Ipv4::broadcast());
  set.insert(Ipv4::broadcast());
  EXPECT_EQ(set.first_absent(range(0xfffffffe, 0xffffffff)), std::nullopt);
}

TEST(AddressSet, AgreesWithAnOrdinarySet) {
  SeededRandom random(1);
  AddressSet set;
  std::set<std::uint32_t> model;
  constexpr std::uint32_t base = 0x0a00f000;  // the range lies over the border of two pages
  for (int step = 0; step < 200'000; ++step) {
    // Mostly full: the interesting part is finding the rare gaps.
    auto address = base + static_cast<std::uint32_t>(random.below(8192));
    if (random.below(10) > 0) {
      set.insert({address});
      model.insert(address);
    } else {
      set.erase({address});
      model.erase(address);
    }
    ASSERT_EQ(set.contains({address}), model.contains(address));
    auto first = base + static_cast<std::uint32_t>(random.below(8192));
    auto last = first + static_cast<std::uint32_t>(random.below(200));
    std::optional<Ipv4> expected;
    for (std::uint32_t i = first; i <= last && !expected; ++i) {
      if (!model.contains(i)) expected = Ipv4{i};
    }
    ASSERT_EQ(set.first_absent(range(first, last)), expected) << step;
  }
}

}  // namespace
}  // namespace slipway::lease
