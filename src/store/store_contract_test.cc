// SPDX-License-Identifier: MPL-2.0
// What every store must keep, asked of each of them.
#include <filesystem>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/faulty_store.h"
#include "store/memory_store.h"
#include "store/sqlite_store.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

using lease::Change;
using lease::ClientKey;
using lease::Lease;
using lease::Outcome;
using lease::State;
using testing::ElementsAre;

struct Kind {
  const char* name;
  /// A function that opens the store; opened again, it is the same store after a restart.
  std::function<std::function<std::unique_ptr<lease::Store>()>(const std::string& folder)> make;
};

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    open_ = GetParam().make(folder_.path());
    store_ = open_();
  }
  void restart() {
    store_.reset();
    store_ = open_();
  }
  Outcome commit(const Change& change) { return store_->commit({&change, 1}).value().at(0); }
  std::vector<Lease> rows() { return store_->load().value(); }

  TestFolder folder_;
  std::function<std::unique_ptr<lease::Store>()> open_;
  std::unique_ptr<lease::Store> store_;
};

TEST_P(StoreContract, IsEmptyAtFirst) {
  EXPECT_THAT(rows(), ElementsAre());
}

TEST_P(StoreContract, KeepsEveryFieldOverARestart) {
  Lease lease = lease_of(1, client(1));
  lease.client_id = {0xff, 0, 1, 2};
  lease.relay = {1, 2, 'x', 0, 0xff};
  lease.hostname = std::string("a\0\xff'b", 5);
  lease.granted = start + Duration(1);
  lease.expires = lease::forever;
  ASSERT_TRUE(commit(grant(lease)).granted());
  restart();
  EXPECT_THAT(rows(), ElementsAre(lease));
}

TEST_P(StoreContract, LoadsInOrderOfAddress) {
  for (int i : {3, 1, 2}) ASSERT_TRUE(commit(grant(lease_of(i, client(i)))).granted());
  EXPECT_THAT(rows(), ElementsAre(lease_of(1, client(1)), lease_of(2, client(2)), lease_of(3, client(3))));
}

TEST_P(StoreContract, RenewsForTheSameClient) {
  commit(grant(lease_of(1, client(1))));
  Lease renewed = lease_of(1, client(1), start + std::chrono::hours(1));
  EXPECT_TRUE(commit(grant(renewed)).granted());
  EXPECT_THAT(rows(), ElementsAre(renewed));
}

TEST_P(StoreContract, RefusesAnotherClientAndSaysWhoHasTheAddress) {
  Lease held = lease_of(1, client(1));
  commit(grant(held));
  Outcome outcome = commit(grant(lease_of(1, client(2))));
  EXPECT_EQ(outcome.kind, Outcome::Kind::refused);
  EXPECT_EQ(outcome.holder, held);
  EXPECT_THAT(rows(), ElementsAre(held));
}

TEST_P(StoreContract, GivesAnExpiredAddressToAnotherFromTheVeryMomentOn) {
  Lease held = lease_of(1, client(1));
  commit(grant(held));
  EXPECT_FALSE(commit(grant(lease_of(1, client(2), held.expires - Duration(1)))).granted());
  EXPECT_TRUE(commit(grant(lease_of(1, client(2), held.expires))).granted());
}

TEST_P(StoreContract, FreesAReleasedAddressAtOnce) {
  Lease held = lease_of(1, client(1));
  commit(grant(held));
  Lease released = held;
  released.state = State::released;
  released.granted = released.expires = start + std::chrono::seconds(1);
  EXPECT_TRUE(commit({Change::Kind::release, released, client(1), {}}).granted());
  EXPECT_THAT(rows(), ElementsAre(released));
  EXPECT_TRUE(commit(grant(lease_of(1, client(2), released.expires))).granted());
}

TEST_P(StoreContract, KeepsADeclinedAddressFromEveryoneUntilTheQuarantineEnds) {
  Lease held = lease_of(1, client(1));
  commit(grant(held));
  Lease declined = held;
  declined.state = State::declined;
  declined.client = ClientKey();
  EXPECT_TRUE(commit({Change::Kind::decline, declined, client(1), {}}).granted());
  EXPECT_FALSE(commit(grant(lease_of(1, client(1)))).granted());
  EXPECT_FALSE(commit(grant(lease_of(1, client(2)))).granted());
  EXPECT_TRUE(commit(grant(lease_of(1, client(2), declined.expires))).granted());
}

TEST_P(StoreContract, DoesNotReleaseForAnother) {
  Lease held = lease_of(1, client(1));
  commit(grant(held));
  Lease released = held;
  released.state = State::released;
  EXPECT_FALSE(commit({Change::Kind::release, released, client(2), {}}).granted());
  EXPECT_THAT(rows(), ElementsAre(held));
}

TEST_P(StoreContract, FreesTheFormerAddressInTheSameStep) {
  commit(grant(lease_of(1, client(1))));
  Change moved = grant(lease_of(2, client(1)));
  moved.frees = address(1);
  EXPECT_TRUE(commit(moved).granted());
  EXPECT_THAT(rows(), ElementsAre(lease_of(2, client(1))));
}

TEST_P(StoreContract, FreesNothingThatIsAnothers) {
  commit(grant(lease_of(1, client(2))));
  Change moved = grant(lease_of(2, client(1)));
  moved.frees = address(1);
  EXPECT_TRUE(commit(moved).granted());
  EXPECT_EQ(rows().size(), 2u);
}

TEST_P(StoreContract, FreesNothingWhenTheGrantIsRefused) {
  commit(grant(lease_of(1, client(1))));
  commit(grant(lease_of(2, client(2))));
  Change moved = grant(lease_of(2, client(1)));
  moved.frees = address(1);
  EXPECT_FALSE(commit(moved).granted());
  EXPECT_EQ(rows().size(), 2u);
}

TEST_P(StoreContract, ForgetsARowButNotAnothers) {
  Lease held = lease_of(1, client(1));
  commit(grant(held));
  EXPECT_FALSE(commit({Change::Kind::forget, held, client(2), {}}).granted());
  EXPECT_TRUE(commit({Change::Kind::forget, held, client(1), {}}).granted());
  EXPECT_THAT(rows(), ElementsAre());
  EXPECT_TRUE(commit({Change::Kind::forget, held, client(1), {}}).granted());  // nothing left to do
}

TEST_P(StoreContract, JudgesEachChangeOfABatchInTheOrderGiven) {
  std::vector<Change> batch{grant(lease_of(1, client(1))), grant(lease_of(1, client(2))),
                            grant(lease_of(2, client(2)))};
  auto outcomes = store_->commit(batch).value();
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_TRUE(outcomes[0].granted());
  EXPECT_EQ(outcomes[1].kind, Outcome::Kind::refused);
  EXPECT_TRUE(outcomes[2].granted());
  EXPECT_THAT(rows(), ElementsAre(lease_of(1, client(1)), lease_of(2, client(2))));
}

TEST_P(StoreContract, TakesTheHighestAddress) {
  Lease lease = lease_of(1, client(1));
  lease.address = Ipv4::broadcast();
  EXPECT_TRUE(commit(grant(lease)).granted());
  restart();
  EXPECT_THAT(rows(), ElementsAre(lease));
}

const Kind kinds[] = {
    {"Memory",
     [](const std::string&) {
       auto rows = std::make_shared<MemoryStore::Rows>();
       return [rows] { return std::make_unique<MemoryStore>(rows); };
     }},
    {"Sqlite",
     [](const std::string& folder) { return [folder] { return std::make_unique<SqliteStore>(folder); }; }},
    {"FaultyWithoutFaults",
     [](const std::string&) {
       auto beneath = std::make_shared<MemoryStore>();
       return [beneath] { return std::make_unique<FaultyStore>(*beneath, FaultyStore::Faults()); };
     }},
};

INSTANTIATE_TEST_SUITE_P(Every, StoreContract, testing::ValuesIn(kinds),
                         [](const auto& instance) { return instance.param.name; });

TEST(FaultyStore, DiesAtTheNthCommitAndStaysDead) {
  MemoryStore rows;
  FaultyStore store(rows, {.dies_at = 2});
  Change first = grant(lease_of(1, client(1))), second = grant(lease_of(2, client(2)));
  EXPECT_TRUE(store.commit({&first, 1}));
  EXPECT_FALSE(store.commit({&second, 1}));
  EXPECT_FALSE(store.commit({&second, 1}));
  EXPECT_THAT(rows.load().value(), ElementsAre(first.lease));
}

TEST(FaultyStore, MayDieAfterTheWriteSoThatNobodyHearsOfIt) {
  MemoryStore rows;
  FaultyStore store(rows, {.dies_at = 1, .died_after_write = true});
  Change first = grant(lease_of(1, client(1))), second = grant(lease_of(2, client(2)));
  EXPECT_FALSE(store.commit({&first, 1}));
  EXPECT_FALSE(store.commit({&second, 1}));
  EXPECT_THAT(rows.load().value(), ElementsAre(first.lease));
}

TEST(FaultyStore, RefusesEveryNthCommit) {
  MemoryStore rows;
  FaultyStore store(rows, {.fail_every = 2});
  Change change = grant(lease_of(1, client(1)));
  for (bool works : {true, false, true, false}) EXPECT_EQ(store.commit({&change, 1}).has_value(), works);
}

}  // namespace
}  // namespace slipway::store
