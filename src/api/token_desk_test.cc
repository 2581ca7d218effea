// SPDX-License-Identifier: MPL-2.0
#include "api/token_desk.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using http::Method;
using ::testing::HasSubstr;

TEST(Tokens, AreRefusedThatMakeNoSense) {
  Api api;
  for (const char* order : {"", "{}", R"({"name": "a", "scope": "all"})", R"({"name": "", "scope": "read"})",
                            R"({"name": "a b", "scope": "read"})", R"({"name": "../x", "scope": "read"})",
                            R"({"name": "a", "scope": "read", "good_for_seconds": 0})",
                            R"({"name": "a", "scope": "read", "good_for_seconds": 99999999999})"}) {
    EXPECT_EQ(problem_of(api.post("/api/v1/tokens", order)).status, 400) << order;
  }
  EXPECT_TRUE(api.access.tokens.empty());
}

TEST(Tokens, HaveNamesThatAreThereOnce) {
  Api api;
  EXPECT_EQ(api.post("/api/v1/tokens", R"({"name": "console", "scope": "read"})").status, 201);
  EXPECT_EQ(problem_of(api.post("/api/v1/tokens", R"({"name": "console", "scope": "write"})")).status, 409);
  EXPECT_THAT(problem_of(api.ask(Method::delete_, "/api/v1/tokens/consol")).detail,
              HasSubstr("did you mean console?"));
  auto list = read<TokenList>(api.get("/api/v1/tokens"));
  ASSERT_EQ(list.tokens.size(), 1u);
  EXPECT_EQ(list.tokens[0].scope, "read");
  EXPECT_FALSE(list.tokens[0].expires);
}

TEST(Tokens, AreBounded) {
  Api api;
  api.access.tokens.resize(model::most_tokens);
  EXPECT_EQ(problem_of(api.post("/api/v1/tokens", R"({"name": "one-more", "scope": "read"})")).status, 409);
}

TEST(Tokens, AreNotToldUnlessTheyAreDurable) {
  Api api;
  api.disk_fault = {"the disk is full", "make room"};
  EXPECT_EQ(problem_of(api.post("/api/v1/tokens", R"({"name": "console", "scope": "read"})")).status, 500);
}

TEST(Tokens, BegetNoTokens) {
  Api api;
  auto made =
      from_json<TokenCreated>(body(api.post("/api/v1/tokens", R"({"name": "tool", "scope": "write"})")));
  api.peer = Endpoint{*Ipv4::parse("192.0.2.7"), 40000};
  api.fields.authorization = "Bearer " + made->secret;
  EXPECT_EQ(problem_of(api.post("/api/v1/tokens", R"({"name": "heir", "scope": "write"})")).status, 403);
  EXPECT_EQ(problem_of(api.ask(Method::delete_, "/api/v1/tokens/tool")).status, 403);
  EXPECT_EQ(api.access.tokens.size(), 1u);
}

TEST(Audit, HasALineForEveryChangeWhateverCameOfIt) {
  Api api;
  api.get("/api/v1/status");
  api.post("/api/v1/reload");
  api.ask(Method::delete_, "/api/v1/leases/10.0.0.99");
  api.post("/api/v1/nothing");
  auto list = read<AuditList>(api.get("/api/v1/audit"));
  ASSERT_EQ(list.audit.size(), 3u);
  EXPECT_EQ(list.audit[0].what, "POST /api/v1/nothing");
  EXPECT_EQ(list.audit[0].status, 404);
  EXPECT_EQ(list.audit[1].outcome, "nobody holds 10.0.0.99");
  EXPECT_EQ(list.audit[2].outcome, "reloaded");
  EXPECT_EQ(list.audit[2].who, "uid 0");
  EXPECT_EQ(list.audit[2].from, "pid 1");
  auto first = read<AuditList>(api.get("/api/v1/audit?limit=2"));
  ASSERT_TRUE(first.next);
  EXPECT_EQ(read<AuditList>(api.get("/api/v1/audit?limit=2&cursor=" + *first.next)).audit.at(0).number, 1u);
  EXPECT_TRUE(read<AuditList>(api.get("/api/v1/audit?who=uid%201")).audit.empty());
}

}  // namespace
}  // namespace slipway::api::testing
