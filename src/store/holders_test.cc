// SPDX-License-Identifier: MPL-2.0
#include "store/holders.h"

#include <gtest/gtest.h>

#include "store/test_leases.h"

namespace slipway::store {
namespace {

Holder held_by(int number, std::int64_t batch = 1) {
  return {client(number), start + std::chrono::hours(1), batch};
}

TEST(Holders, AllowWhoHasItAndEverybodyOnceItRanOut) {
  Holders holders;
  EXPECT_TRUE(holders.allow(grant(lease_of(1, client(2))))) << "nobody has it";
  holders.put(address(1), held_by(1));
  EXPECT_TRUE(holders.allow(grant(lease_of(1, client(1)))));
  EXPECT_FALSE(holders.allow(grant(lease_of(1, client(2)))));
  Instant end = start + std::chrono::hours(1);
  EXPECT_FALSE(holders.allow(grant(lease_of(1, client(2), end - Duration(1)))));
  EXPECT_TRUE(holders.allow(grant(lease_of(1, client(2), end))));
}

TEST(Holders, TakeBackWhatATransactionChanged) {
  Holders holders;
  holders.put(address(1), held_by(1));
  holders.put(address(2), held_by(2));
  holders.begin();
  holders.put(address(1), held_by(3));
  holders.put(address(1), held_by(4));
  holders.remove(address(2));
  holders.put(address(5), held_by(5));
  holders.take_back();
  EXPECT_EQ(holders.at(address(1))->client, client(1));
  EXPECT_EQ(holders.at(address(2))->client, client(2));
  EXPECT_EQ(holders.at(address(5)), nullptr);
}

TEST(Holders, KnowWhereTheNewestRecordLies) {
  Holders holders;
  holders.put(address(1), held_by(1, 7));
  EXPECT_EQ(holders.at(address(1))->batch, 7);
  holders.folded(address(1));
  holders.folded(address(2));
  EXPECT_EQ(holders.at(address(1))->batch, in_table);
  EXPECT_EQ(holders.at(address(2)), nullptr);
}

}  // namespace
}  // namespace slipway::store
