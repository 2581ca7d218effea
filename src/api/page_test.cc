// SPDX-License-Identifier: MPL-2.0
#include "api/page.h"

#include <gmock/gmock.h>

#include "http/target.h"

namespace slipway::api {
namespace {

using ::testing::ElementsAre;

Result<Page, http::Response> page(const std::string& query) {
  http::Request request;
  request.target = http::parse_target("/x?" + query).value();
  return page_of(request);
}

std::optional<std::string> take(std::vector<std::string>& items, const std::string& query) {
  return cut(items, *page(query), [](const std::string& item) { return item; });
}

TEST(Page, IsTheWholeListWhereNobodyAsksForLess) {
  std::vector<std::string> items{"c", "a", "b"};
  EXPECT_FALSE(take(items, ""));
  EXPECT_THAT(items, ElementsAre("c", "a", "b"));
}

TEST(Page, GoesOnBehindTheLastOneWhateverCameOrWent) {
  std::vector<std::string> first{"d", "a", "c", "b"};
  auto next = take(first, "limit=2");
  EXPECT_THAT(first, ElementsAre("a", "b"));
  ASSERT_TRUE(next);
  std::vector<std::string> second{"d", "a", "bb", "aa", "c"};  // b went, aa came before it
  next = take(second, "limit=2&cursor=" + *next);
  EXPECT_THAT(second, ElementsAre("bb", "c"));
  std::vector<std::string> third{"d", "a"};
  EXPECT_FALSE(take(third, "limit=2&cursor=" + *next));
  EXPECT_THAT(third, ElementsAre("d"));
}

TEST(Page, IsRefusedWhereItMakesNoSense) {
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "limit=", "limit=-1", "cursor=xyz", "cursor=", "cursor=1"}) {
    auto refused = page(query);
    ASSERT_FALSE(refused) << query;
    EXPECT_EQ(refused.error().status, 400) << query;
  }
}

}  // namespace
}  // namespace slipway::api
