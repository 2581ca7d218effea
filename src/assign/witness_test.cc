// SPDX-License-Identifier: MPL-2.0
#include "assign/witness.h"

#include <gmock/gmock.h>

#include "assign/test_site.h"
#include "timeline/story.h"

namespace slipway::assign {
namespace {

using model::Stage;
using timeline::Kind;
using namespace std::chrono_literals;

/// node1 of the site, told step by step; what the witness says is put in force.
struct Told {
  Told() : story("52:54:00:00:00:01") {}

  void follow() {
    for (const timeline::Event& event : story.timeline.events(story.machine)) {
      if (event.sequence <= seen) continue;
      seen = event.sequence;
      if (!witness.cares_for(event, site.state)) continue;
      for (const Change& change : witness.see(event, "node1", site.state, *site.plan, story.timeline))
        site.settle(Decided{{change}, ""});
    }
  }
  void start() {
    story.wait(5min);
    story.exchange(Stage::pxe_rom);
    story.fetch_loader();
    story.exchange(Stage::ipxe);
    follow();
  }
  /// Its script, as the daemon's loops tell of it: with the order it carries out.
  void script() {
    timeline::Event event;
    event.kind = Kind::script_served;
    event.machine = story.machine;
    auto* once = site.state.assignments.once("node1");
    event.once = once ? once->number : 0;
    event.up = rule;
    story.record(event);
    follow();
  }
  void load(const std::string& version, std::uint64_t of_archive = 1000) {
    for (const char* file : {"kernel/amd64/unix", "amd64/boot_archive"}) {
      std::string name = "/os/" + version + "/platform/i86pc/" + file;
      story.file(Kind::http_started, name, 0, 1000);
      bool whole = of_archive == 1000 || std::string_view(file) != "amd64/boot_archive";
      story.file(whole ? Kind::http_finished : Kind::http_failed, name, whole ? 1000 : of_archive, 1000);
    }
    follow();
  }
  /// Nothing is heard of it any more.
  void find_up_after(Duration quiet) {
    story.wait(quiet);
    timeline::Event event;
    event.kind = Kind::machine_up;
    event.at = story.now;
    event.machine = story.machine;
    event.boot = story.told().id;
    for (const Change& change : witness.see(event, "node1", site.state, *site.plan, story.timeline))
      site.settle(Decided{{change}, ""});
  }
  void come_up() {
    story.wait(30s);
    story.dhcp(Kind::dhcp_discover, Stage::operating_system);
    follow();
  }
  void boot(const std::string& version) {
    start();
    script();
    load(version);
  }
  std::string running() const { return record().running_version; }
  std::string good() const { return record().good_version; }
  MachineRecord record() const {
    auto* known = site.state.machine("node1");
    return known ? *known : MachineRecord{};
  }

  TestSite site;
  timeline::Story story;
  Witness witness;
  std::uint64_t seen = 0;
  std::optional<model::UpRule> rule;
};

TEST(Witness, TellsWhatRunsByWhatWasDeliveredWhole) {
  Told told;
  told.start();
  told.script();
  told.load("2", 500);
  EXPECT_EQ(told.running(), "") << "half an archive boots nothing";
  told.boot("2");
  EXPECT_EQ(told.running(), "smartos@2");
  EXPECT_EQ(told.good(), "") << "nothing was heard of its system yet";
}

TEST(Witness, KnowsAsGoodOnlyWhatCameUp) {
  Told told;
  told.boot("1");
  told.come_up();
  EXPECT_EQ(told.good(), "smartos@1");
  told.boot("2");
  EXPECT_EQ(told.running(), "smartos@2");
  EXPECT_EQ(told.good(), "smartos@1");
  told.come_up();
  EXPECT_EQ(told.good(), "smartos@2");
}

struct Ordered : Told {
  Ordered() {
    settle_ok(order_once(site.state, *site.plan, {"node1", "", &site.image("1"), {}}, noon), site);
  }
  bool ordered() const { return site.state.assignments.once("node1") != nullptr; }
};

TEST(WitnessOfAnOrder, IsOverWhenThatBootWasDelivered) {
  Ordered told;
  told.start();
  EXPECT_TRUE(told.ordered()) << "a boot that never asked for its script took nothing";
  told.script();
  told.script();
  EXPECT_EQ(told.site.boots("node1"), "1") << "the same boot may fetch its script again";
  told.load("1");
  EXPECT_FALSE(told.ordered());
  EXPECT_EQ(told.running(), "smartos@1");
  EXPECT_EQ(told.site.boots("node1"), "3");
}

TEST(WitnessOfAnOrder, IsOverWhenAnotherBootBegins) {
  Ordered told;
  told.start();
  told.script();
  told.load("1", 500);
  EXPECT_TRUE(told.ordered());
  told.start();
  EXPECT_FALSE(told.ordered()) << "once is once, whatever came of it";
}

TEST(WitnessOfAnOrder, IsKeptOverARestartWithinTheSameBootAndNoLonger) {
  Ordered told;
  told.start();
  told.script();
  ASSERT_TRUE(told.site.state.assignments.once("node1")->served);
  told.witness = Witness();
  told.story.timeline = timeline::Timeline();
  told.seen = 0;
  told.script();
  EXPECT_TRUE(told.ordered());
  told.witness = Witness();
  told.story.timeline = timeline::Timeline();
  told.seen = 0;
  told.start();
  EXPECT_FALSE(told.ordered());
}

TEST(Witness, KnowsAsGoodWhatItsProfileSaysIsUp) {
  Told told;
  told.rule = {.sign = model::UpRule::Sign::tcp, .port = 22, .said = true};
  told.boot("2");
  told.come_up();
  EXPECT_EQ(told.good(), "") << "its operating system asked for an address, and its port does not answer yet";
  timeline::Event up;
  up.kind = Kind::machine_up;
  up.machine = told.story.machine;
  told.story.record(up);
  told.follow();
  EXPECT_EQ(told.good(), "smartos@2");
}

TEST(Witness, DoesNotKnowAsGoodWhatGoesRoundAndRound) {
  Told told;
  for (int i = 0; i < 3; ++i) {
    told.boot("2");
    if (i < 2) told.story.wait(2min);
  }
  told.come_up();
  EXPECT_EQ(told.running(), "smartos@2");
  EXPECT_EQ(told.good(), "");
}

// Nothing is heard of a machine that got out of a loop by staying up.
TEST(Witness, KnowsAsGoodWhatStayedUpAfterALoop) {
  Told told;
  for (const char* version : {"1", "1", "2"}) {
    told.story.wait(60s);
    told.story.exchange(Stage::pxe_rom);
    told.story.fetch_loader();
    told.story.exchange(Stage::ipxe);
    told.follow();
    told.script();
    told.load(version);
    told.come_up();
  }
  EXPECT_EQ(told.site.state.machine("node1")->good_version, "smartos@1") << "it may go round once more";
  told.find_up_after(60s);
  EXPECT_EQ(told.site.state.machine("node1")->good_version, "smartos@1");
  told.find_up_after(120s);
  EXPECT_EQ(told.site.state.machine("node1")->good_version, "smartos@2");
}

}  // namespace
}  // namespace slipway::assign
