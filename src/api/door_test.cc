// SPDX-License-Identifier: MPL-2.0
#include "api/door.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Endpoint there{*Ipv4::parse("192.0.2.7"), 40000};

/// A token made over the socket; from here on requests come from far with it.
std::string secret(Api& api, const std::string& name, const std::string& scope,
                   const std::string& more = "") {
  http::Peer before = api.peer;
  api.peer = http::UnixPeer{1, 0, 0, {}};
  auto made =
      api.post("/api/v1/tokens", "{\"name\": \"" + name + "\", \"scope\": \"" + scope + "\"" + more + "}");
  EXPECT_EQ(made.status, 201) << body(made);
  api.peer = before;
  return from_json<TokenCreated>(body(made)).value().secret;
}

void come_with(Api& api, const std::string& secret) {
  api.peer = there;
  api.fields.authorization = "Bearer " + secret;
}

TEST(Door, IsOpenForRootAndForTheDaemonsUserAndGroup) {
  Api api;
  for (const http::UnixPeer& peer :
       {http::UnixPeer{1, 0, 5, {}}, http::UnixPeer{1, 990, 5, {}}, http::UnixPeer{1, 1000, 991, {}},
        http::UnixPeer{1, 1000, 5, {7, 991}}}) {
    api.peer = peer;
    EXPECT_EQ(api.post("/api/v1/reload").status, 200) << peer.uid << " " << peer.gid;
  }
}

TEST(Door, LetsOthersOnThisMachineReadAndNothingElse) {
  Api api;
  api.peer = http::UnixPeer{1, 1000, 1000, {7}};
  EXPECT_EQ(api.get("/api/v1/status").status, 200);
  EXPECT_EQ(problem_of(api.post("/api/v1/reload")).status, 403);
  EXPECT_EQ(api.access.audit.back().who, "uid 1000");
  EXPECT_EQ(api.access.audit.back().status, 403);
}

TEST(Door, AsksWhoComesOverTheNetworkForAToken) {
  Api api;
  api.peer = there;
  http::Response response = api.get("/api/v1/status");
  EXPECT_EQ(problem_of(response).status, 401);
  EXPECT_EQ(header(response, "WWW-Authenticate"), "Bearer realm=\"slipway\"");
  EXPECT_EQ(api.get("/api/v1/nothing").status, 401) << "nor is it told what there is";
  EXPECT_EQ(api.get("/metrics").status, 401);
  EXPECT_EQ(api.get("/healthz").status, 200);
  EXPECT_EQ(api.get("/readyz").status, 200);
  EXPECT_EQ(api.post("/healthz").status, 405);
  EXPECT_TRUE(api.access.audit.empty());
}

TEST(Door, KnowsATokenAndWhatItIsFor) {
  Api api;
  std::string reads = secret(api, "console", "read"), writes = secret(api, "tool", "write");
  come_with(api, reads);
  EXPECT_EQ(api.get("/api/v1/status").status, 200);
  EXPECT_EQ(problem_of(api.post("/api/v1/reload")).detail, "token console may only read");
  come_with(api, writes);
  EXPECT_EQ(api.post("/api/v1/reload").status, 200);
  api.fields.authorization = "bearer " + writes;
  EXPECT_EQ(api.get("/api/v1/status").status, 200) << "a scheme's name is in any case (RFC 9110 §11.1)";
}

TEST(Door, KeepsNoSecret) {
  Api api;
  std::string told = secret(api, "console", "read");
  EXPECT_THAT(told, StartsWith("slipway_"));
  EXPECT_EQ(told.size(), 8 + 64u);
  EXPECT_EQ(api.access.tokens.at(0).hash.size(), 64u);
  EXPECT_NE(api.access.tokens.at(0).hash, told.substr(8));
  EXPECT_THAT(api.access.audit.back().outcome, Not(HasSubstr(told)));
  EXPECT_THAT(body(api.get("/api/v1/tokens")), Not(HasSubstr(api.access.tokens.at(0).hash)));
}

TEST(Door, ShutsWhenATokenIsRevokedOrItsTimeIsOver) {
  Api api;
  std::string one = secret(api, "one", "read"),
              two = secret(api, "two", "read", ", \"good_for_seconds\": 60");
  come_with(api, two);
  EXPECT_EQ(api.get("/api/v1/status").status, 200);
  api.now += std::chrono::seconds(60);
  EXPECT_EQ(problem_of(api.get("/api/v1/status")).detail, "the token two expired");
  come_with(api, one);
  EXPECT_EQ(api.get("/api/v1/status").status, 200);
  api.peer = http::UnixPeer{1, 0, 0, {}};
  EXPECT_EQ(api.ask(Method::delete_, "/api/v1/tokens/one").status, 200);
  api.peer = there;
  http::Response response = api.get("/api/v1/status");
  EXPECT_EQ(problem_of(response).status, 401);
  EXPECT_THAT(header(response, "WWW-Authenticate"), HasSubstr("invalid_token"));
}

TEST(Door, TellsWhoeverAsksHowFarHisTokenGoes) {
  Api api;
  for (const char* scope : {"read", "write"}) {
    come_with(api, secret(api, scope, scope));
    EXPECT_EQ(header(api.get("/api/v1/status"), "Slipway-Scope"), scope);
  }
}

TEST(Door, TurnsAwayWhoeverMayNotAskBeforeTheBodyComes) {
  Api api;
  api.peer = Endpoint{*Ipv4::parse("192.0.2.7"), 40'000};
  http::Request head;
  head.method = http::Method::post;
  head.peer = api.peer;
  head.target = http::parse_target("/api/v1/reload").value();
  auto answer = api.endpoints.look_at_head(head);
  ASSERT_TRUE(answer);
  EXPECT_EQ(problem_of(*answer).status, 401);
  head.peer = http::UnixPeer{1, 0, 0, {}};
  EXPECT_FALSE(api.endpoints.look_at_head(head));
}

TEST(Door, EndsStreamsWithTheTokenThatOpenedThem) {
  Api api;
  come_with(api, secret(api, "console", "read"));
  auto revoked = std::get<http::Stream>(api.get("/api/v1/events?follow=1").body).writer;
  come_with(api, secret(api, "other", "read", ", \"good_for_seconds\": 60"));
  auto expires = std::get<http::Stream>(api.get("/api/v1/events?follow=1").body).writer;
  api.peer = http::UnixPeer{1, 0, 0, {}};
  auto local = std::get<http::Stream>(api.get("/api/v1/events?follow=1").body).writer;
  api.ask(Method::delete_, "/api/v1/tokens/console");
  EXPECT_FALSE(revoked->is_open());
  EXPECT_TRUE(expires->is_open());
  api.now += std::chrono::seconds(60);
  api.endpoints.keep_alive();
  EXPECT_FALSE(expires->is_open());
  EXPECT_TRUE(local->is_open());
}

TEST(Door, SlowsDownWhoeverGuesses) {
  Api api;
  std::string good = secret(api, "console", "read");
  come_with(api, "slipway_guess");
  for (int i = 0; i < Throttle::free_tries; ++i) EXPECT_EQ(api.get("/api/v1/status").status, 401);
  http::Response response = api.get("/api/v1/status");
  EXPECT_EQ(problem_of(response).status, 429);
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(problem_of(response).remedy, "wait 1 s and send a good one");
  come_with(api, good);
  EXPECT_EQ(api.get("/api/v1/status").status, 429) << "no guess gets its answer meanwhile";
  api.now += std::chrono::seconds(1);
  EXPECT_EQ(api.get("/api/v1/status").status, 200);
  EXPECT_EQ(api.warnings.size(), 5u);
  EXPECT_THAT(api.warnings.front(), HasSubstr("192.0.2.7"));
}

}  // namespace
}  // namespace slipway::api::testing
