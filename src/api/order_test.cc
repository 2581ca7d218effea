// SPDX-License-Identifier: MPL-2.0
// What is sent in a body and is not what the description says.
#include <gmock/gmock.h>

#include "api/openapi.h"
#include "api/repeated_name.h"
#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using ::testing::HasSubstr;

struct OrderTest : ::testing::Test {
  std::string refused(const std::string& path, const std::string& body) {
    ProblemDetails told = problem_of(api.post(path, body));
    EXPECT_EQ(told.status, 400) << body;
    return told.detail + "; " + told.remedy.value_or("");
  }
  Api api;
};

TEST_F(OrderTest, IsRefusedForAMemberThatIsMisspelt) {
  EXPECT_EQ(refused("/api/v1/tokens", R"({"name": "typo", "scope": "read", "good_for_second": 60})"),
            "\"good_for_second\" is not known in the body; did you mean good_for_seconds?");
  EXPECT_TRUE(api.access.tokens.empty());
  EXPECT_EQ(refused("/api/v1/assignments", R"({"to": "everyone", "imag": "x"})"),
            "\"imag\" is not known in the body; did you mean image?");
  EXPECT_EQ(refused("/api/v1/machines/node1/boot-once", R"({"rescue-everything": 1})"),
            "\"rescue-everything\" is not known in the body; known are what, variant");
  EXPECT_THAT(refused("/api/v1/leases/import", R"({"leases": [{"adress": "10.0.0.7"}]})"),
              HasSubstr("\"adress\" is not known in leases[0]; did you mean address?"));
  EXPECT_THAT(refused("/api/v1/tokens", "{\"\\u001b" + std::string(5000, 'x') + "\": 1}"),
              HasSubstr("\\x1bxxx"));
}

TEST_F(OrderTest, IsRefusedForAMemberThatIsSaidTwice) {
  EXPECT_EQ(refused("/api/v1/tokens", R"({"name": "a", "scope": "read", "scope": "write"})"),
            "\"scope\" is said twice; say it once");
  EXPECT_EQ(refused("/api/v1/tokens", R"({"name": "a", "scope": "read", "sc\u006fpe": "write"})"),
            "\"scope\" is said twice; say it once");
  EXPECT_TRUE(api.access.tokens.empty());
}

TEST_F(OrderTest, IsCalledTheBody) {
  EXPECT_THAT(refused("/api/v1/tokens", "{"), HasSubstr("the body is not JSON"));
  EXPECT_EQ(refused("/api/v1/tokens", "[]"),
            "the body is not an object; send {\"name\": \"console\", \"scope\": \"read\"}");
}

TEST_F(OrderTest, IsDescribedAsHavingNoOtherMembers) {
  std::string description = openapi(Endpoints::table());
  std::size_t closed = 0;
  constexpr std::string_view word = "\"additionalProperties\": false";
  for (auto at = description.find(word); at != description.npos; at = description.find(word, at + 1))
    ++closed;
  EXPECT_EQ(closed, 5u) << "four orders, and a lease to import";
}

TEST(RepeatedName, IsLookedForInEachObjectByItself) {
  EXPECT_EQ(repeated_name(R"({"a": {"b": 1}, "b": [{"a": 1}, {"a": "a"}]})"), std::nullopt);
  EXPECT_EQ(repeated_name(R"([{"a": 1}, {"b": 1.5, "c": null, "b": true}])"), "b");
}

}  // namespace
}  // namespace slipway::api::testing
