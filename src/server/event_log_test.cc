// SPDX-License-Identifier: MPL-2.0
#include "server/event_log.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

namespace slipway::server {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

struct Rig {
  explicit Rig(spdlog::level::level_enum level = spdlog::level::info) { log->set_level(level); }

  void tell(int count, Instant at) {
    for (int i = 0; i < count; ++i) {
      events.tell(
          {.at = at, .kind = timeline::Kind::dhcp_discover, .machine = MacAddress{{2, 0, 0, 0, 0, 1}}});
    }
  }
  std::ptrdiff_t lines() const {
    std::string all = text.str();
    return std::count(all.begin(), all.end(), '\n');
  }

  std::ostringstream text;
  Log log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
  Metrics metrics;
  EventLog events{log, metrics, 3};
};
const Instant start = from_unix_seconds(1'700'000'000);

TEST(EventLog, SaysWhichMachineDidWhat) {
  Rig rig;
  rig.tell(1, start);
  EXPECT_THAT(rig.text.str(), HasSubstr("02:00:00:00:00:01 DHCPDISCOVER"));
}

TEST(EventLog, SaysWhichBootItBelongsTo) {
  Rig rig;
  rig.events.tell({.at = start,
                   .kind = timeline::Kind::dhcp_discover,
                   .machine = MacAddress{{2, 0, 0, 0, 0, 1}},
                   .boot = 7});
  EXPECT_THAT(rig.text.str(), HasSubstr("02:00:00:00:00:01 boot 7: DHCPDISCOVER"));
}

TEST(EventLog, WritesNoMoreThanItsBoundAndSaysHowManyItLeftOut) {
  Rig rig;
  rig.tell(10, start);
  EXPECT_EQ(rig.lines(), 3);
  rig.tell(1, start + seconds{1});
  EXPECT_EQ(rig.lines(), 5);
  EXPECT_THAT(rig.text.str(), HasSubstr("7 events left out"));
  rig.tell(1, start + seconds{2});
  EXPECT_EQ(rig.lines(), 6) << "nothing was left out in the second before";
}

TEST(EventLog, WritesHowBootsEndedOfNamedMachinesWhateverStrangersSend) {
  Rig rig;
  rig.tell(10, start);
  timeline::Boot boot;
  boot.id = 7;
  boot.verdict = {timeline::VerdictCode::no_offer, "Its DHCPDISCOVER was not answered."};
  rig.events.tell_end(boot, true, false, start);
  EXPECT_EQ(rig.lines(), 3);
  rig.events.tell_end(boot, true, true, start);
  EXPECT_EQ(rig.lines(), 4);
  EXPECT_THAT(rig.text.str(), HasSubstr("boot 7: no_offer: Its DHCPDISCOVER was not answered."));
  EXPECT_THAT(rig.metrics.exposition(), HasSubstr("slipway_log_left_out_total{what=\"event\"} 7\n"));
  EXPECT_THAT(rig.metrics.exposition(), HasSubstr("slipway_log_left_out_total{what=\"verdict\"} 1\n"));
}

TEST(EventLog, CountsNothingWhereTheLevelWantsNoLines) {
  Rig rig(spdlog::level::err);
  rig.tell(10, start);
  rig.tell(1, start + seconds{1});
  EXPECT_EQ(rig.lines(), 0);
}

}  // namespace
}  // namespace slipway::server
