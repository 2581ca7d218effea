// SPDX-License-Identifier: MPL-2.0
#include "server/boot_watch.h"

#include <gmock/gmock.h>

#include "timeline/story.h"

namespace slipway::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using timeline::Kind;

const Instant start = from_unix_seconds(1704196800);

struct Rack {
  void event(Kind kind, std::chrono::seconds after, model::Stage stage = model::Stage::pxe_rom,
             const std::string& name = "") {
    timeline::Event event;
    event.kind = kind;
    event.at = start + after;
    event.machine = *MacAddress::parse("52:54:00:00:00:01");
    event.address = *Ipv4::parse("10.0.0.20");
    event.stage = stage;
    event.arch = model::Arch::bios;
    event.name = name;
    watch.hear(timeline.record(event));
  }
  void look(std::chrono::seconds after) { watch.look(start + after); }

  timeline::Timeline timeline;
  Metrics metrics;
  std::vector<std::string> told;
  std::vector<MacAddress> machines;
  BootWatch watch{timeline, metrics, [this](const timeline::Boot& boot, bool failed) {
                    machines.push_back(boot.machine);
                    told.push_back(std::string(to_string(boot.verdict.code)) + (failed ? " failed" : " up"));
                  }};
};

TEST(BootWatch, TellsOfABootThatEndsBySilence) {
  Rack rack;
  rack.event(Kind::dhcp_discover, std::chrono::seconds(0));
  rack.event(Kind::dhcp_offer, std::chrono::seconds(0));
  rack.look(std::chrono::seconds(1));
  EXPECT_THAT(rack.told, IsEmpty());
  rack.look(std::chrono::seconds(600));
  ASSERT_EQ(rack.told.size(), 1u);
  EXPECT_THAT(rack.told[0], HasSubstr("failed"));
  rack.look(std::chrono::seconds(700));
  EXPECT_EQ(rack.told.size(), 1u) << "once";
  EXPECT_THAT(rack.metrics.exposition(), HasSubstr("slipway_boots_failed_total{verdict=\""));
}

// What it came up with is its last known good from then on, though nothing is heard.
TEST(BootWatch, TellsOfAMachineThatGotOutOfALoopByStayingUp) {
  using namespace std::chrono_literals;
  timeline::Story story;
  Metrics metrics;
  std::vector<std::string> told;
  BootWatch watch(story.timeline, metrics,
                  [&](const timeline::Boot& boot, bool) { told.emplace_back(to_string(boot.verdict.code)); });
  for (int i = 0; i < 3; ++i) {
    story.wait(60s);
    story.boot();
    story.wait(30s);
    watch.hear(story.dhcp(Kind::dhcp_discover, model::Stage::operating_system));
  }
  watch.look(story.now);
  EXPECT_THAT(told, ElementsAre("boot_loop"));
  watch.look(story.now + 60s);
  EXPECT_THAT(told, ElementsAre("boot_loop"));
  watch.look(story.now + 180s);
  EXPECT_THAT(told, ElementsAre("boot_loop", "running"));
  watch.look(story.now + 240s);
  EXPECT_EQ(told.size(), 2u) << "once";
}

TEST(BootWatch, MeasuresEachStageFromTheFirstPacket) {
  Rack rack;
  rack.event(Kind::dhcp_discover, std::chrono::seconds(0));
  rack.event(Kind::dhcp_offer, std::chrono::seconds(0));
  rack.event(Kind::dhcp_request, std::chrono::seconds(3));
  rack.event(Kind::dhcp_ack, std::chrono::seconds(3));
  rack.look(std::chrono::seconds(4));
  rack.look(std::chrono::seconds(5));
  std::string text = rack.metrics.exposition();
  EXPECT_THAT(text, HasSubstr("slipway_boot_stage_reached_seconds_bucket{stage=\"ack\",le=\"2\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("slipway_boot_stage_reached_seconds_bucket{stage=\"ack\",le=\"5\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("slipway_boot_stage_reached_seconds_count{stage=\"ack\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("slipway_boots_begun_total 1\n"));
}

TEST(BootWatch, LooksAtAFewAtATime) {
  Rack rack;
  for (int i = 0; i < 10; ++i) {
    timeline::Event event;
    event.kind = Kind::dhcp_discover;
    event.at = start;
    event.machine = MacAddress{{0x52, 0x54, 0, 0, 1, static_cast<std::uint8_t>(i)}};
    event.stage = model::Stage::pxe_rom;
    rack.watch.hear(rack.timeline.record(event));
  }
  rack.watch.look(start + std::chrono::hours(2), 4);
  EXPECT_LE(rack.told.size(), 4u);
  rack.watch.look(start + std::chrono::hours(2), 100);
  EXPECT_EQ(rack.told.size(), 10u);
}

MacAddress made_up(int number) {
  return {{2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

// Whoever makes up machines has the site's own wait for their verdicts no longer.
TEST(BootWatch, LooksAtMachinesThatTheConfigurationNamesBeforeStrangers) {
  Rack rack;
  MacAddress named{{0x52, 0x54, 0, 0, 0, 9}};
  rack.timeline.prefer([&](const MacAddress& machine) { return machine == named; });
  auto discover = [&](const MacAddress& machine) {
    timeline::Event event;
    event.kind = Kind::dhcp_discover;
    event.at = start;
    event.machine = machine;
    event.stage = model::Stage::pxe_rom;
    rack.watch.hear(rack.timeline.record(event));
  };
  for (int i = 0; i < 16400; ++i) discover(made_up(i));
  EXPECT_THAT(rack.metrics.exposition(), HasSubstr("slipway_boots_unwatched_total 16\n"));
  discover(named);
  rack.watch.look(start + std::chrono::minutes(10), 100);
  EXPECT_THAT(rack.machines, testing::Contains(named));
  EXPECT_GT(rack.machines.size(), 50u) << "strangers have their turn, too";
}

}  // namespace
}  // namespace slipway::server
