// SPDX-License-Identifier: MPL-2.0
// The laws of laws.h under weather, crashes and all the rest. A failing run names its seed: SIM_SEED=n
// replays it. By hand, for longer: SIM_SEEDS=1000, or SIM_SECONDS=60 for each test.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "sim/world.h"

namespace slipway::sim {
namespace {

std::uint64_t number_from(const char* name) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : 0;
}

/// SIM_SEED: this one. SIM_SEEDS: so many. SIM_SECONDS: as many as that time allows, other ones each day.
class Seeds {
 public:
  explicit Seeds(std::uint64_t usual) {
    using std::chrono::system_clock, std::chrono::seconds;
    if (std::uint64_t one = number_from("SIM_SEED")) {
      next_ = last_ = one;
      return;
    }
    last_ = number_from("SIM_SEEDS");
    if (std::uint64_t most = number_from("SIM_SECONDS")) {
      ends_ = system_clock::now() + seconds{most};
      next_ = static_cast<std::uint64_t>(system_clock::now().time_since_epoch() / seconds{1}) * 1000;
      last_ = ~std::uint64_t{0};
    }
    if (last_ == 0) last_ = usual;
  }
  std::optional<std::uint64_t> next() {
    if (next_ > last_ || std::chrono::system_clock::now() > ends_) return std::nullopt;
    return next_++;
  }

 private:
  std::uint64_t next_ = 1, last_ = 0;
  std::chrono::system_clock::time_point ends_ = std::chrono::system_clock::time_point::max();
};

template <typename Check>
void under_every_seed(const Scenario& scenario, Check check) {
  Seeds seeds(3);
  while (auto seed = seeds.next()) {
    SCOPED_TRACE("SIM_SEED=" + std::to_string(*seed));
    World world(scenario, *seed);
    world.run();
    check(world);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Simulation, ServesEveryClientOfARackInFairWeather) {
  Scenario scenario;
  scenario.clients = 2000;
  scenario.addresses = 1200;
  scenario.weather = {0, 0, 0, 0};
  scenario.boots_within = std::chrono::seconds{0};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_EQ(world.bound(), 2000u);
    EXPECT_GT(world.laws().tally.acks, 6000u) << "three programs each, and renewals";
    EXPECT_GT(world.laws().tally.bootp_replies, 300u);
    EXPECT_GT(world.laws().tally.at_once, 300u);
  });
}

TEST(Simulation, KeepsTheLawsInBadWeather) {
  Scenario scenario;
  scenario.clients = 1000;
  scenario.weather = {20, 20, 20, 3};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_GT(world.bound(), 950u);
    EXPECT_GT(world.network().lost(), 1000u);
    EXPECT_GT(world.network().copied(), 1000u);
    EXPECT_GT(world.laws().tally.drops.at("too_short"), 10u);
  });
}

TEST(Simulation, KeepsTheLawsWhenTheServerDiesInItsCommits) {
  Scenario scenario;
  scenario.clients = 1000;
  scenario.troubles.dies_in_commit = 100;
  under_every_seed(scenario, [](const World& world) {
    EXPECT_GT(world.server().crashes(), 10u);
    EXPECT_GT(world.laws().tally.died, 10u);
    EXPECT_GT(world.laws().tally.acks, 1000u);
  });
}

TEST(Simulation, KeepsTheLawsWhenTheDiskRefusesToWrite) {
  Scenario scenario;
  scenario.clients = 1000;
  scenario.troubles.fails_to_write = 5;
  under_every_seed(scenario, [](const World& world) { EXPECT_GT(world.bound(), 950u); });
}

TEST(Simulation, KeepsTheLawsWhenTwoClientsWantEachAddress) {
  Scenario scenario;
  scenario.clients = 600;
  scenario.addresses = 150;
  scenario.weather = {10, 10, 10, 1};
  scenario.troubles = {.dies_in_commit = 300, .fails_to_write = 11};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_GT(world.laws().in_use(), 250u);
    EXPECT_LE(world.laws().in_use(), 300u);
    EXPECT_GT(world.laws().tally.naks, 100u);
    EXPECT_GT(world.laws().tally.drops.at("pool_exhausted"), 100u);
  });
}

TEST(Simulation, NeverOffersWhatASquatterUsesWhenTheWireTells) {
  Scenario scenario;
  scenario.squatters = 5;
  scenario.boots_within = std::chrono::seconds{30};
  scenario.weather = {0, 0, 0, 0};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_EQ(world.laws().tally.offered_in_use, 0u);
    EXPECT_GT(world.laws().quarantined(), 50u);
    EXPECT_EQ(world.bound(), 500u);
  });
}

TEST(Simulation, KeepsTheLawsAmongSquattersInBadWeather) {
  Scenario scenario;
  scenario.squatters = 4;
  scenario.weather = {20, 20, 20, 3};
  scenario.troubles = {.dies_in_commit = 200, .fails_to_write = 11};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_GT(world.laws().quarantined(), 50u);
    EXPECT_GT(world.bound(), 450u);
  });
}

TEST(Simulation, KeepsTheLawsWhenItsQueueIsShort) {
  Scenario scenario;
  scenario.clients = 2000;
  scenario.addresses = 1200;
  scenario.boots_within = std::chrono::seconds{0};
  scenario.troubles.queue = 20;
  under_every_seed(scenario, [](const World& world) { EXPECT_GT(world.bound(), 1900u); });
}

TEST(Simulation, LosesNobodyOfManyThatAreSwitchedOnInOneInstant) {
  Scenario scenario;
  scenario.clients = 3000;
  scenario.addresses = 1800;
  scenario.weather = {0, 0, 0, 0};
  scenario.boots_within = std::chrono::seconds{0};
  scenario.lasts = std::chrono::seconds{20};
  scenario.troubles.answer_takes = std::chrono::microseconds{50};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_EQ(world.bound(), 3000u);
    for (const char* why : {"superseded", "stale_discover", "client_over_share", "intake_full"}) {
      EXPECT_FALSE(world.laws().tally.drops.count(why)) << why;
    }
  });
}

TEST(Simulation, KeepsTheLeasesOfRunningMachinesWhenMoreIsAskedThanItCanAnswer) {
  Scenario scenario;
  scenario.clients = 3000;
  scenario.addresses = 1800;
  scenario.boots_within = std::chrono::seconds{0};
  scenario.weather = {0, 5, 5, 0};
  scenario.troubles.answer_takes = std::chrono::milliseconds{2};
  scenario.troubles.intake = {.packets = 400, .per_client = 8};
  under_every_seed(scenario, [](const World& world) {
    const auto& tally = world.laws().tally;
    EXPECT_GT(tally.drops.at("stale_discover"), 1000u);
    EXPECT_GT(tally.drops.at("superseded"), 10u);
    EXPECT_EQ(tally.lapsed, 0u) << "no renewal waited behind newcomers";
    EXPECT_GT(world.bound(), 2900u);
  });
}

TEST(Simulation, KeepsTheLawsWhenTheServerDiesAtAnyStep) {
  Scenario scenario;
  scenario.clients = 300;  // with more of them it is seldom up when another plan comes
  scenario.squatters = 20;
  scenario.reloads_every = std::chrono::seconds{2};
  scenario.troubles.dies_at_step = 40;
  std::array<std::uint64_t, step_count> deaths{};
  under_every_seed(scenario, [&](const World& world) {
    EXPECT_GT(world.bound(), 285u);
    for (std::size_t i = 0; i < step_count; ++i) deaths[i] += world.server().deaths_at(static_cast<Step>(i));
  });
  for (std::size_t i = 0; i < step_count; ++i) EXPECT_GT(deaths[i], 0u) << "it never died at step " << i;
}

TEST(Simulation, KeepsTheLawsWhileThePlanChanges) {
  Scenario scenario;
  scenario.clients = 600;
  scenario.addresses = 330;
  scenario.weather = {5, 5, 5, 0};
  scenario.reloads_every = std::chrono::seconds{10};
  under_every_seed(scenario, [](const World& world) {
    EXPECT_GT(world.laws().tally.taken_away, 20u) << "addresses reserved while somebody held them";
    EXPECT_GT(world.bound(), 500u);
  });
}

TEST(Simulation, KeepsTheLawsWhenTheClockJumps) {
  Scenario scenario;
  scenario.clients = 500;
  scenario.addresses = 260;
  scenario.weather = {5, 5, 5, 0};
  scenario.jumps_every = std::chrono::seconds{15};
  under_every_seed(scenario, [](const World& world) { EXPECT_GT(world.bound(), 400u); });
}

TEST(Simulation, KeepsTheLawsBetweenTwoRelaysThatBothPassEverythingOn) {
  Scenario scenario;
  scenario.relays = 2;
  scenario.weather = {10, 10, 10, 1};
  scenario.troubles.dies_in_commit = 100;
  under_every_seed(scenario, [](const World& world) { EXPECT_GT(world.bound(), 480u); });
}

TEST(Simulation, KeepsTheLawsAmongStationsThatMeanHarm) {
  Scenario scenario;
  scenario.hostile = 100;
  under_every_seed(scenario, [](const World& world) {
    EXPECT_GT(world.bound(), 480u);
    for (const char* why : {"too_short", "wrong_cookie", "option_past_end", "nothing_to_release"})
      EXPECT_GT(world.laws().tally.drops.count(why), 0u) << why;
  });
}

TEST(Simulation, KeepsTheLawsWhateverComesTogether) {
  Seeds seeds(12);
  std::uint64_t tried = 0;
  for (; auto seed = seeds.next(); ++tried) {
    Scenario scenario = Scenario::drawn_from(*seed);
    SCOPED_TRACE("SIM_SEED=" + std::to_string(*seed) + ": " + scenario.to_string());
    World world(scenario, *seed);
    world.run();
    if (testing::Test::HasFailure()) break;
  }
  RecordProperty("seeds", std::to_string(tried));
  std::printf("seeds tried: %llu\n", static_cast<unsigned long long>(tried));
}

}  // namespace
}  // namespace slipway::sim
