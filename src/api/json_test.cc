// SPDX-License-Identifier: MPL-2.0
#include "api/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::api {
namespace {

using testing::HasSubstr;
using testing::Not;

StageView stage() {
  StageView out;
  out.name = "kernel";
  out.state = "done";
  out.at = from_unix_seconds(1704164645);
  out.took_seconds = 0.25;
  out.bytes = 358'400'000'000;
  return out;
}

TEST(Json, GivesBackWhatItWrote) {
  BootView boot;
  boot.id = 7;
  boot.machine = "52:54:00:00:00:01";
  boot.started = from_unix_seconds(1704164600);
  boot.address = "10.0.0.1";
  boot.stages = {stage(), StageView{}};
  boot.failed = true;
  boot.sentence = "say \"why\"\n";
  auto back = from_json<BootView>(to_json(boot));
  ASSERT_TRUE(back) << back.error().sentence();
  EXPECT_EQ(to_json(*back), to_json(boot));
  EXPECT_EQ(back->stages[0].at, stage().at);
  EXPECT_EQ(back->stages[0].bytes, 358'400'000'000u);
  EXPECT_EQ(back->sentence, boot.sentence);
  EXPECT_EQ(back->arch, std::nullopt);
}

TEST(Json, LeavesOutWhatIsAbsent) {
  EXPECT_THAT(to_json(StageView{}), Not(HasSubstr("\"at\"")));
  EXPECT_THAT(to_json(stage()), HasSubstr("\"at\":\"2024-01-02T03:04:05.000000Z\""));
}

TEST(Json, ReplacesWhatIsNotUtf8) {
  Done done{
      "a\xff"
      "b\xc3\xa9"
      "\xed\xa0\x80"
      "\xc0\xaf"
      "\xf0\x9f\x98\x80"
      "\xe2\x82"};
  auto back = from_json<Done>(to_json(done));
  ASSERT_TRUE(back);
  std::string bad = "\xef\xbf\xbd";
  EXPECT_EQ(back->sentence,
            "a" + bad + "b\xc3\xa9" + bad + bad + bad + bad + bad + "\xf0\x9f\x98\x80" + bad + bad);
}

TEST(Json, NamesThePathOfWhatIsWrong) {
  auto sentence = [](std::string_view text) {
    auto read = from_json<Explanation>(text);
    return read ? "no fault" : read.error().what;
  };
  EXPECT_EQ(sentence("[]"), "the answer is not an object");
  EXPECT_EQ(sentence("{}"), "machine is missing");
  std::string good = to_json(Explanation{MachineView{}, {BootView{}}, {}});
  EXPECT_EQ(sentence(good), "no fault");
  std::string other = good;
  other.replace(other.find("\"sentence\":\"\"", other.find("boots")), 13, "\"sentence\":12");
  EXPECT_EQ(sentence(other), "boots[0].sentence is not text");
  EXPECT_THAT(sentence("{"), HasSubstr("not JSON"));
}

TEST(Json, IgnoresMembersOfNewerDaemons) {
  auto done = from_json<Done>(R"({"sentence":"ok","colour":{"a":[1,2]}})");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->sentence, "ok");
}

TEST(Json, RefusesNumbersOutOfRange) {
  EXPECT_FALSE(from_json<PoolView>(R"({"first":"a","last":"b","size":-1,"leased":0,"only_class":""})"));
  EXPECT_FALSE(from_json<PoolView>(R"({"first":"a","last":"b","size":1.5,"leased":0,"only_class":""})"));
  EXPECT_TRUE(from_json<PoolView>(R"({"first":"a","last":"b","size":1,"leased":0,"only_class":""})"));
}

}  // namespace
}  // namespace slipway::api
