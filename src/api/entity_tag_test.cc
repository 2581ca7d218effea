// SPDX-License-Identifier: MPL-2.0
// Entity tags of the endpoints: an answer that is known already, and a change that is meant for what was
// seen.
#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using http::Method;

constexpr const char* newer = R"({"to": "everyone", "image": "20240102T000000Z"})";
constexpr const char* older = R"({"to": "everyone", "image": "20240101T000000Z"})";

TEST(EntityTag, SparesAnAnswerThatIsKnown) {
  Api api;
  std::string tag = header(api.get("/api/v1/machines"), "ETag");
  EXPECT_EQ(tag.size(), 34u);
  api.fields.if_none_match = "\"other\", " + tag;
  http::Response same = api.get("/api/v1/machines");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(header(same, "ETag"), tag);
  EXPECT_EQ(body(same), "");
  api.record(timeline::Kind::dhcp_discover, mac(3));
  EXPECT_EQ(api.get("/api/v1/machines").status, 200);
}

TEST(EntityTag, KeepsAChangeFromWhatItsSenderDidNotSee) {
  Api api;
  std::string seen = header(api.get("/api/v1/assignments"), "ETag");
  api.fields.if_match = seen;
  EXPECT_EQ(api.post("/api/v1/assignments", newer).status, 200);
  EXPECT_EQ(problem_of(api.post("/api/v1/assignments", older)).status, 412) << "somebody was quicker";
  EXPECT_EQ(api.post("/api/v1/assignments/rollback", R"({"to": "everyone"})").status, 412);
  api.fields.if_match = header(api.get("/api/v1/assignments"), "ETag");
  EXPECT_EQ(api.post("/api/v1/assignments", older).status, 200);
  api.fields.if_match = "*";
  EXPECT_EQ(api.post("/api/v1/assignments/rollback", R"({"to": "everyone"})").status, 200);
}

TEST(EntityTag, GuardsALease) {
  Api api;
  api.fields.if_match = "\"0123\"";
  EXPECT_EQ(problem_of(api.ask(Method::delete_, "/api/v1/leases/10.0.0.100")).status, 412);
  api.fields.if_match = header(api.get("/api/v1/leases/10.0.0.100"), "ETag");
  EXPECT_EQ(api.ask(Method::delete_, "/api/v1/leases/10.0.0.100").status, 202);
}

TEST(EntityTag, IsNotTakenForWhatHasNone) {
  Api api;
  api.fields.if_match = "*";
  EXPECT_EQ(problem_of(api.post("/api/v1/reload")).status, 412);
}

}  // namespace
}  // namespace slipway::api::testing
