// SPDX-License-Identifier: MPL-2.0
// The laws of laws.h under weather and crashes. A failing run names its seed: SIM_SEED=n replays it.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "sim/world.h"

namespace slipway::sim {
namespace {

std::vector<std::uint64_t> seeds() {
  if (const char* one = std::getenv("SIM_SEED")) return {std::strtoull(one, nullptr, 10)};
  return {1, 2, 3, 4};
}

template <typename Check>
void under_every_seed(const Scenario& scenario, Check check) {
  for (std::uint64_t seed : seeds()) {
    SCOPED_TRACE("SIM_SEED=" + std::to_string(seed));
    World world(scenario, seed);
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

}  // namespace
}  // namespace slipway::sim
