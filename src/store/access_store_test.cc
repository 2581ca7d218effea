// SPDX-License-Identifier: MPL-2.0
#include "store/access_store.h"

#include <gtest/gtest.h>

#include "store/sqlite_store.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

model::AuditEntry entry(std::uint64_t number) {
  return {number, start, "uid 0", "pid 7", "POST /api/v1/reload", 200, "reloaded"};
}

TEST(AccessStore, GivesBackWhatWasKept) {
  TestFolder folder;
  model::Token forever{"console", model::Scope::read, std::string(64, 'a'), start, {}};
  model::Token ending{"tool", model::Scope::write, std::string(64, 'b'), start,
                      start + std::chrono::hours(1)};
  {
    SqliteStore leases(folder.path());
    AccessStore store(folder.path());
    ASSERT_TRUE(store.keep(ending));
    ASSERT_TRUE(store.keep(forever));
    ASSERT_TRUE(store.keep({"gone", model::Scope::write, "", start, {}}));
    ASSERT_TRUE(store.revoke("gone"));
    ASSERT_TRUE(store.append(std::vector{entry(1), entry(2)}));
  }
  SqliteStore leases(folder.path());
  model::Access access = AccessStore(folder.path()).load().value();
  ASSERT_EQ(access.tokens.size(), 2u);
  EXPECT_EQ(access.tokens[0].name, "console");
  EXPECT_FALSE(access.tokens[0].expires);
  EXPECT_EQ(access.tokens[1].scope, model::Scope::write);
  EXPECT_EQ(access.tokens[1].hash, ending.hash);
  EXPECT_EQ(access.tokens[1].expires, ending.expires);
  ASSERT_EQ(access.audit.size(), 2u);
  EXPECT_EQ(access.audit[1].number, 2u);
  EXPECT_EQ(access.audit[1].what, "POST /api/v1/reload");
  EXPECT_EQ(access.audit[1].status, 200);
}

TEST(AccessStore, KeepsTheNewestChangesOnly) {
  TestFolder folder;
  SqliteStore leases(folder.path());
  AccessStore store(folder.path());
  std::vector<model::AuditEntry> many;
  for (std::uint64_t number = 1; number <= model::most_audit + 3; ++number) many.push_back(entry(number));
  ASSERT_TRUE(store.append(many));
  model::Access access = store.load().value();
  EXPECT_EQ(access.audit.size(), model::most_audit);
  EXPECT_EQ(access.audit.front().number, 4u);
}

}  // namespace
}  // namespace slipway::store
