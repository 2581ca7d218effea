// SPDX-License-Identifier: MPL-2.0
#include "api/open_streams.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

struct OpenStreamsTest : ::testing::Test {
  Visitor holder(int number) const {
    std::string name = "rack" + std::to_string(number);
    return {"token " + name, "192.0.2.7", false, name};
  }
  std::optional<http::Response> open(const Visitor& visitor) {
    kept.push_back(std::make_shared<http::StreamWriter>());
    return streams.admit(visitor, kept.back());
  }

  Daemon daemon;
  World world = daemon.world();
  OpenStreams streams{world};
  std::vector<std::shared_ptr<http::StreamWriter>> kept;
};

TEST_F(OpenStreamsTest, AreSoManyForOneHolder) {
  for (std::size_t i = 0; i < OpenStreams::most_of_one; ++i) EXPECT_FALSE(open(holder(1)));
  auto refused = open(holder(1));
  ASSERT_TRUE(refused);
  EXPECT_EQ(problem_of(*refused).status, 503);
  EXPECT_THAT(problem_of(*refused).detail, HasSubstr("token rack1 has 32 streams"));
  EXPECT_EQ(header(*refused, "Retry-After"), "10");
  EXPECT_FALSE(kept.back()->is_open());
  EXPECT_FALSE(open(holder(2))) << "others go on";
  kept.front()->disconnected();
  EXPECT_FALSE(open(holder(1))) << "one of them ended";
}

TEST_F(OpenStreamsTest, ByTokensLeaveRoomForAnOperator) {
  for (std::size_t i = 0; i < OpenStreams::most_by_tokens; ++i)
    EXPECT_FALSE(open(holder(static_cast<int>(i / 20))));
  EXPECT_TRUE(open(holder(99)));
  EXPECT_FALSE(open({"uid 0", "pid 1", true, {}})) << "over the unix socket";
}

TEST_F(OpenStreamsTest, AreRefusedInTheLogOnceInAWhile) {
  for (std::size_t i = 0; i < 2 * OpenStreams::most_of_one; ++i) open(holder(1));
  EXPECT_THAT(daemon.warnings, SizeIs(1));
  daemon.now += std::chrono::seconds(11);
  open(holder(1));
  EXPECT_THAT(daemon.warnings, SizeIs(2));
}

}  // namespace
}  // namespace slipway::api::testing
