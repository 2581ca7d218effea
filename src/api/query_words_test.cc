// SPDX-License-Identifier: MPL-2.0
#include "api/query_words.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using ::testing::HasSubstr;

TEST(QueryWords, AreNamedWhereTheyAreNotKnownOrWrong) {
  Api api;
  auto wrong = [&](const std::string& target) {
    ProblemDetails told = problem_of(api.get(target));
    EXPECT_EQ(told.status, 400) << target;
    return told.detail + "; " + told.remedy.value_or("");
  };
  EXPECT_THAT(wrong("/api/v1/machines?verdikt=up"),
              HasSubstr("\"verdikt\" of the query is not known here; known are q, "));
  EXPECT_EQ(wrong("/api/v1/status?x=1"),
            "the word \"x\" of the query is not known here; this takes no query");
  EXPECT_THAT(wrong("/api/v1/machines?verdict=up"),
              HasSubstr("verdict cannot be \"up\"; it is one of in_progress, "));
  EXPECT_THAT(wrong("/api/v1/machines?failed=maybe"), HasSubstr("it is one of 0, 1, false, true"));
  EXPECT_THAT(wrong("/api/v1/events?since=-1"), HasSubstr("since is not a number"));
  EXPECT_THAT(wrong("/api/v1/events?limit=1&limit=2"), HasSubstr("limit is said twice"));
  EXPECT_THAT(wrong("/api/v1/events?kind=dhcp"), HasSubstr("kind cannot be \"dhcp\""));
  EXPECT_THAT(wrong("/api/v1/leases?state=gone"), HasSubstr("state cannot be"));
  EXPECT_EQ(wrong("/api/v1/leases?subnet=zzz"), "subnet cannot be \"zzz\"; write it as 10.0.0.0/24");
  EXPECT_EQ(wrong("/api/v1/leases?mac=zz"), "mac cannot be \"zz\"; write it as 52:54:00:00:00:01");
  EXPECT_THAT(wrong("/api/v1/events?%1b=1"), HasSubstr("\\x1b"));
}

TEST(QueryWords, FindAMacAddressInAnySpelling) {
  Api api;
  EXPECT_EQ(read<LeaseList>(api.get("/api/v1/leases?mac=52-54-00-00-00-09")).leases.size(), 1u);
  EXPECT_EQ(read<LeaseList>(api.get("/api/v1/leases?subnet=10.0.0.0/24")).leases.size(), 3u);
  EXPECT_TRUE(read<LeaseList>(api.get("/api/v1/leases?subnet=10.9.0.0/24")).leases.empty());
  EXPECT_EQ(problem_of(api.get("/api/v1/events?machine=zz")).status, 404) << "as of every unknown machine";
}

TEST(QueryWords, MeanNothingToWhatIsNoPartOfTheApi) {
  Api api;
  EXPECT_EQ(api.get("/healthz?probe=7").status, 200);
}

TEST(QueryWords, AreTheStatesThereAre) {
  for (std::string_view state : values_of("lease"))
    EXPECT_TRUE(state == "expired" || lease::state_from(state)) << state;
}

}  // namespace
}  // namespace slipway::api::testing
