// SPDX-License-Identifier: MPL-2.0
#include "store/webhook_store.h"

#include <gtest/gtest.h>

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
    auto first = one.add(start, "{\"a\":1}");
    auto second = one.add(start, "{\"b\":2}");
    ASSERT_TRUE(first && second && two.add(start, "{}"));
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
  ASSERT_TRUE(one.remove(last));
  EXPECT_GT(one.add(start, "{}").value(), last) << "a number is never used again";
}

}  // namespace
}  // namespace slipway::store
