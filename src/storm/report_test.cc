// SPDX-License-Identifier: MPL-2.0
#include "storm/report.h"

#include <gtest/gtest.h>

namespace slipway::storm {
namespace {

using namespace std::chrono_literals;

TEST(Report, TakesThePercentileOfTheNearestRank) {
  std::vector<double> seconds;
  for (int i = 200; i > 0; --i) seconds.push_back(i);
  Spread spread = spread_of(seconds);
  EXPECT_EQ(spread.p50, 100);
  EXPECT_EQ(spread.p90, 180);
  EXPECT_EQ(spread.p99, 198);
  EXPECT_EQ(spread.most, 200);
  std::vector<double> one{7};
  EXPECT_EQ(spread_of(one).p50, 7);
  std::vector<double> none;
  EXPECT_EQ(spread_of(none).most, 0);
}

walk::Machine failed_at_offer(std::uint32_t number, const std::string& why) {
  walk::Machine machine(*walk::find_route("bios"), {number, walk::mac_of(number), {}, true}, 0, true);
  machine.power_on(Tick{1s});
  machine.fail(why, Tick{2s});
  return machine;
}

TEST(Report, JoinsReasonsThatDifferOnlyInTheMachinesOwnName) {
  Report report;
  for (std::uint32_t i : {1u, 2u})
    report.add(failed_at_offer(i, "no file " + walk::mac_of(i).hyphens()), "bios");
  report.add(failed_at_offer(3, "time was up"), "bios");
  std::string text = report.text();
  EXPECT_NE(text.find("2 failed at offer: no file (its own) ("), std::string::npos) << text;
  EXPECT_NE(text.find("1 failed at offer: time was up"), std::string::npos) << text;
  EXPECT_NE(text.find("0 of 3 machines booted.\n"), std::string::npos) << text;
  EXPECT_FALSE(report.all_booted());
}

}  // namespace
}  // namespace slipway::storm
