// SPDX-License-Identifier: MPL-2.0
// The log of changes and the table it is folded into: together they are always what a plain table would be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "store/memory_store.h"
#include "store/sqlite.h"
#include "store/sqlite_store.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

using lease::Change;
using lease::Outcome;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr LogSize fold_at_once{1, 1u << 20};

std::int64_t count(const TestFolder& folder, const char* sql) {
  sqlite::Database db = sqlite::Database::open(folder.path() + "/slipway.db");
  sqlite::Statement statement(db, sql);
  EXPECT_EQ(statement.step(), SQLITE_ROW);
  return statement.number(0);
}
std::int64_t rows(const TestFolder& folder) {
  return count(folder, "SELECT count(*) FROM lease");
}
std::int64_t batches(const TestFolder& folder) {
  return count(folder, "SELECT count(*) FROM lease_log");
}

std::vector<Change> grants(int from, int to, Instant when = start) {
  std::vector<Change> changes;
  for (int i = from; i < to; ++i) changes.push_back(grant(lease_of(i, client(i), when)));
  return changes;
}

void fold_all(SqliteStore& store) {
  while (store.tidy()) {
  }
}

TEST(SqliteFold, ACommitIsOneRowAndTheTableFollowsInIdleTime) {
  TestFolder folder;
  SqliteStore store(folder.path(), fold_at_once);
  for (int round = 0; round < 10; ++round)
    ASSERT_TRUE(store.commit(grants(0, 60, start + std::chrono::minutes(round))));
  EXPECT_EQ(rows(folder), 0);
  EXPECT_EQ(batches(folder), 10);
  auto before = store.load().value();
  fold_all(store);
  EXPECT_EQ(rows(folder), 60);
  EXPECT_EQ(batches(folder), 0);
  EXPECT_EQ(store.load().value(), before);
}

TEST(SqliteFold, IsNotWorthItForALittle) {
  TestFolder folder;
  SqliteStore store(folder.path());
  ASSERT_TRUE(store.commit(grants(0, 10)));
  EXPECT_FALSE(store.tidy());
  EXPECT_EQ(batches(folder), 1);
}

TEST(SqliteFold, GoesInSmallSteps) {
  TestFolder folder;
  SqliteStore store(folder.path(), fold_at_once);
  for (int i = 0; i < 2000; i += 100) ASSERT_TRUE(store.commit(grants(i, i + 100)));
  EXPECT_TRUE(store.tidy());
  EXPECT_GT(rows(folder), 0);
  EXPECT_LE(rows(folder), 400);
  fold_all(store);
  EXPECT_EQ(rows(folder), 2000);
}

TEST(SqliteFold, TheLogDoesNotGrowWithoutEndWhereNothingIsEverIdle) {
  TestFolder folder;
  SqliteStore store(folder.path(), {1, 100'000});
  for (int i = 0; i < 20'000; i += 50) {
    ASSERT_TRUE(store.commit(grants(i, i + 50)));
    if (i % 1000 != 0) continue;
    ASSERT_LE(count(folder, "SELECT coalesce(sum(length(changes)), 0) FROM lease_log"), 110'000);
  }
  EXPECT_EQ(store.load().value().size(), 20'000u);
}

TEST(SqliteFold, ARefusalNamesTheHolderWhereverItsRecordLies) {
  TestFolder folder;
  SqliteStore store(folder.path(), fold_at_once);
  ASSERT_TRUE(store.commit(grants(1, 2)));
  fold_all(store);                          // 1 is in the table,
  ASSERT_TRUE(store.commit(grants(2, 3)));  // 2 in the log, 3 in the batch that is being written
  std::vector<Change> changes = grants(3, 4);
  for (int i : {1, 2, 3}) changes.push_back(grant(lease_of(i, client(9))));
  auto outcomes = store.commit(changes).value();
  EXPECT_TRUE(outcomes[0].granted());
  for (int i : {1, 2, 3}) {
    EXPECT_EQ(outcomes[static_cast<std::size_t>(i)].kind, Outcome::Kind::refused);
    EXPECT_EQ(outcomes[static_cast<std::size_t>(i)].holder, lease_of(i, client(i)));
  }
}

TEST(SqliteFold, AFoldThatFailsChangesNothingAndIsTriedAgain) {
  TestFolder folder;
  SqliteStore store(folder.path(), fold_at_once);
  ASSERT_TRUE(store.commit(grants(0, 10)));
  {
    sqlite::Database other = sqlite::Database::open(folder.path() + "/slipway.db");
    ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
    EXPECT_FALSE(store.tidy());
  }
  EXPECT_EQ(rows(folder), 0);
  EXPECT_EQ(store.load().value().size(), 10u);
  fold_all(store);
  EXPECT_EQ(rows(folder), 10);
}

TEST(SqliteFold, NamesABatchThatItDidNotWrite) {
  TestFolder folder;
  { SqliteStore store(folder.path()); }
  sqlite::Database db = sqlite::Database::open(folder.path() + "/slipway.db");
  ASSERT_TRUE(db.run("INSERT INTO lease_log VALUES (3, x'0900')"));
  SqliteStore store(folder.path());
  auto loaded = store.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().sentence(), HasSubstr("batch 3 of the changes"));
  EXPECT_FALSE(store.commit(grants(1, 2))) << "who holds what is not known";
  EXPECT_FALSE(store.tidy());
  auto outside = read_leases(folder.path());
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().sentence(), HasSubstr("batch 3"));
}

/// Any change a book might propose, and some it never would.
Change any_change(SeededRandom& random, Instant now) {
  int number = static_cast<int>(random.below(12)), who = static_cast<int>(random.below(6));
  lease::Lease lease = lease_of(number, client(who), now);
  lease.hostname = std::string(random.below(40), 'h');
  Change change{Change::Kind::grant, lease, client(who), {}};
  switch (random.below(6)) {
    case 0:
      change.kind = Change::Kind::forget;
      break;
    case 1:
      change.kind = Change::Kind::release;
      change.lease.state = lease::State::released;
      change.lease.expires = now;
      break;
    case 2:
      change.kind = Change::Kind::decline;
      change.lease.state = lease::State::declined;
      change.lease.client = {};
      break;
    case 3:
      change.frees = address(static_cast<int>(random.below(12)));
      if (*change.frees == change.lease.address) change.frees.reset();
      break;
    default:
      break;
  }
  return change;
}

std::string judged(const std::vector<Outcome>& outcomes) {
  std::string text;
  for (const Outcome& outcome : outcomes)
    text += outcome.granted() ? "+" : outcome.holder ? outcome.holder->address.to_string() : "?";
  return text;
}

TEST(SqliteFold, IsWhatAPlainTableWouldBeWhateverComesInBetween) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SeededRandom random(seed);
    TestFolder folder;
    MemoryStore plain;
    auto store = std::make_unique<SqliteStore>(folder.path(), fold_at_once);
    Instant now = start;
    for (int step = 0; step < 60; ++step) {
      now += std::chrono::minutes(random.below(20));
      std::vector<Change> changes;
      for (std::uint64_t i = random.below(8); i > 0; --i) changes.push_back(any_change(random, now));
      ASSERT_EQ(judged(store->commit(changes).value()), judged(plain.commit(changes).value())) << seed;
      if (random.below(3) == 0) store->tidy();
      if (random.below(10) == 0) {
        store.reset();
        store = std::make_unique<SqliteStore>(folder.path(), fold_at_once);
      }
      ASSERT_EQ(read_leases(folder.path()).value(), plain.load().value())
          << "seed " << seed << " step " << step;
    }
    ASSERT_EQ(store->load().value(), plain.load().value()) << seed;
    fold_all(*store);
    EXPECT_EQ(batches(folder), 0);
    EXPECT_EQ(rows(folder), std::ssize(plain.load().value())) << seed;
  }
}

}  // namespace
}  // namespace slipway::store
