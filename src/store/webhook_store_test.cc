// SPDX-License-Identifier: MPL-2.0
#include "store/webhook_store.h"

#include <fstream>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/sqlite_store.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

TEST(WebhookStore, KeepsWhatWasNotTakenByEachReceiver) {
  TestFolder folder;
  std::uint64_t last = 0;
  {
    SqliteStore leases(folder.path());
    WebhookStore one(folder.path(), "https://one/"), two(folder.path(), "https://two/");
    auto first = one.add({0, start, "{\"a\":1}"});
    auto second = one.add({0, start, "{\"b\":2}", false});
    ASSERT_TRUE(first && second && two.add({0, start, "{}"}));
    ASSERT_TRUE(one.remove(*first));
    last = *second;
  }
  SqliteStore leases(folder.path());
  WebhookStore one(folder.path(), "https://one/");
  auto left = one.load().value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].number, last);
  EXPECT_EQ(left[0].at, start);
  EXPECT_EQ(left[0].body, "{\"b\":2}");
  EXPECT_FALSE(left[0].named);
  ASSERT_TRUE(one.remove(last));
  EXPECT_GT(one.add({0, start, "{}"}).value(), last) << "a number is never used again";
}

TEST(WebhookStore, ReadsWhatWasKeptBeforeItWasSaidWhoIsNamed) {
  TestFolder folder;
  {
    std::ofstream(folder.path() + "/webhooks.db");
    auto old = sqlite::Database::open(folder.path() + "/webhooks.db");
    ASSERT_TRUE(
        old.run("CREATE TABLE webhook_message (number INTEGER PRIMARY KEY AUTOINCREMENT, hook TEXT NOT NULL,"
                " at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
                "INSERT INTO webhook_message (hook, at, body) VALUES ('https://one/', 1, '{}')"));
  }
  WebhookStore one(folder.path(), "https://one/");
  auto left = one.load().value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_TRUE(left[0].named);
}

}  // namespace
}  // namespace slipway::store
