// SPDX-License-Identifier: MPL-2.0
// What is said of a machine after it was given everything: up, never up, back again, round and round.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "timeline/story.h"

namespace slipway::timeline {
namespace {

using Program = model::Stage;
using Sign = model::UpRule::Sign;
using testing::HasSubstr;

/// A machine whose profile says what shows that it is up.
struct Ruled : Story {
  explicit Ruled(Sign sign = Sign::stay, bool said = true) {
    rule.sign = sign;
    rule.port = sign == Sign::tcp ? 22 : 0;
    rule.said = said;
  }
  void boot() {
    reach_script();
    Event served;
    served.kind = Kind::script_served;
    served.machine = machine;
    served.detail = "smartos";
    served.up = rule;
    record(served);
    fetch_kernel();
    fetch_archive();
  }
  void comes_up() {
    Event up;
    up.kind = Kind::machine_up;
    up.machine = machine;
    up.detail = "TCP port 22 answers";
    record(up);
  }
  std::string code() const { return std::string(to_string(verdict().code)); }

  model::UpRule rule;
};

}  // namespace

TEST(Afterwards, IsUpByWhatItsProfileNamesAndNothingElse) {
  Ruled story(Sign::tcp);
  story.boot();
  EXPECT_EQ(story.code(), "handed_over");
  story.wait(20s);
  story.dhcp(Kind::dhcp_discover, Program::operating_system);
  EXPECT_EQ(story.code(), "handed_over");
  story.comes_up();
  EXPECT_EQ(story.code(), "running");
  EXPECT_THAT(story.verdict().sentence, HasSubstr("TCP port 22 answers"));
  EXPECT_EQ(story.told().up_since, story.now);
}

TEST(Afterwards, HasFailedWhenWhatItsProfileNamesDoesNotComeInTime) {
  for (Sign sign : {Sign::tcp, Sign::call, Sign::dhcp}) {
    Ruled story(sign);
    story.boot();
    story.wait(601s);
    EXPECT_EQ(story.code(), "never_up");
    EXPECT_EQ(story.told().diagnoses.at(0).id, "started-never-up");
    story.comes_up();  // late is better than never
    EXPECT_EQ(story.code(), "running");
  }
}

TEST(Afterwards, HasNotFailedWhereNobodySaidWhatToWaitFor) {
  Ruled story(Sign::dhcp, false);
  story.boot();
  story.wait(3601s);
  EXPECT_EQ(story.code(), "handed_over");
}

TEST(Afterwards, IsUpByStayingAway) {
  Ruled story(Sign::stay);
  story.boot();
  story.wait(599s);
  EXPECT_EQ(story.code(), "handed_over");
  story.wait(2s);
  EXPECT_EQ(story.code(), "running");
}

TEST(Afterwards, CameBackWhenItAsksAgainSoonWithoutHavingBeenUp) {
  Ruled story;
  story.boot();
  story.wait(40s);
  story.exchange(Program::pxe_rom);
  auto boots = story.timeline.boots(story.machine, story.now);
  ASSERT_EQ(boots.size(), 2u);
  EXPECT_EQ(to_string(boots[1].verdict.code), "came_back");
  EXPECT_EQ(boots[1].diagnoses.at(0).id, "came-back");
  EXPECT_EQ(story.code(), "in_progress") << "once is no loop";
}

TEST(Afterwards, IsALoopWhenItComesBackAgainAndAgain) {
  Ruled story;
  for (int i = 0; i < 2; ++i) {
    story.boot();
    story.wait(40s);
    story.dhcp(Kind::dhcp_discover, Program::operating_system);
    story.wait(30s);
  }
  story.reach_script();
  EXPECT_EQ(story.code(), "boot_loop");
  EXPECT_THAT(story.verdict().sentence, HasSubstr("came back to boot 2 times in a row"));
  EXPECT_EQ(story.told().diagnoses.at(0).id, "panic-loop");
}

TEST(Afterwards, IsNoLoopWhenItIsSentFromOneImageToTheNext) {
  Ruled story;
  for (std::string image : {"smartos 1", "smartos 2", "smartos 1"}) {
    story.boot();
    story.script(Kind::script_served, image);
    story.wait(40s);
  }
  EXPECT_EQ(story.code(), "handed_over");
}

TEST(Afterwards, IsNoLoopAnyMoreOnceItStaysUp) {
  Ruled story(Sign::dhcp);
  for (int i = 0; i < 3; ++i) {
    story.wait(70s);
    story.boot();
  }
  story.wait(30s);
  story.dhcp(Kind::dhcp_discover, Program::operating_system);
  EXPECT_EQ(story.code(), "boot_loop");
  story.wait(600s);
  EXPECT_EQ(story.code(), "running");
}

TEST(Afterwards, TellsALoopFromBootsThatAreFarApart) {
  Ruled story;
  for (int i = 0; i < 3; ++i) {
    story.boot();
    story.wait(601s);
  }
  story.reach_script();
  EXPECT_EQ(story.code(), "in_progress");
}

TEST(Afterwards, WasNotStartedWhenItsLoaderAsksForTheScriptAgain) {
  Ruled story;
  story.boot();
  story.wait(3s);
  story.fetch_script();
  EXPECT_EQ(story.code(), "not_started");
  EXPECT_EQ(story.told().diagnoses.at(0).id, "kernel-not-started");
  story.fetch_kernel();
  story.fetch_archive();
  EXPECT_EQ(story.code(), "not_started") << "the next try has not shown anything yet";
  story.wait(121s);
  EXPECT_EQ(story.code(), "handed_over") << "no further try: this one went well";
}

TEST(Afterwards, GivesTheEndOfATransferToTheBootItBeganIn) {
  Ruled story;
  story.reach_script();
  story.fetch_kernel();
  story.start_archive();
  story.wait(10s);
  story.exchange(Program::pxe_rom);  // somebody pressed reset
  Event late;
  late.kind = Kind::http_failed;
  late.address = story.address;
  late.name = story.archive;
  late.total = Story::archive_size;
  late.bytes = 1000;
  late.took = 11s;
  late.detail = "timed_out";
  story.record(late);
  EXPECT_EQ(story.code(), "in_progress");
  auto boots = story.timeline.boots(story.machine, story.now);
  EXPECT_EQ(to_string(boots.at(1).verdict.code), "archive_cut");
}

}  // namespace slipway::timeline
