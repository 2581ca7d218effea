// SPDX-License-Identifier: MPL-2.0
#include "cli/top_screen.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::size_t rows = 24, columns = 80;

api::MachineView machine(std::string name, std::string verdict, bool failed = false) {
  api::MachineView out;
  out.name = std::move(name);
  out.address = "10.0.0.7";
  if (!verdict.empty()) out.verdict = verdict;
  out.failed = failed;
  out.stands = verdict == "in_progress" ? "loading: archive" : "booted";
  out.last_seen = from_unix_seconds(1'700'000'000);
  return out;
}

TopScreen rack(std::size_t machines) {
  TopScreen screen;
  screen.status.now = from_unix_seconds(1'700'000'030);
  for (std::size_t i = 0; i < machines; ++i)
    screen.machines.push_back(machine(fmt::format("node{:04}", i), "running"));
  screen.sort();
  return screen;
}

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST(TopScreen, FillsTheScreenAndNothingBeyond) {
  TopScreen screen = rack(5000);
  screen.machines[3].name = "Zürich-mit-einem-langen-Namen-der-nicht-passt";
  for (std::size_t high : {1u, 3u, 8u, 24u, 200u}) {
    for (std::size_t wide : {1u, 20u, 80u, 300u}) {
      auto lines = screen.lines(high, wide, Colours{});
      ASSERT_LE(lines.size(), high);
      if (high > 8) {
        ASSERT_EQ(lines.size(), high);
      }
      for (const std::string& line : lines) ASSERT_LE(width_of(line), wide) << line;
    }
  }
}

TEST(TopScreen, ShowsTroubleFirstAndWhoIsOnTheWayNext) {
  TopScreen screen = rack(3);
  screen.machines.push_back(machine("zz-late", "in_progress"));
  screen.machines.push_back(machine("zz-ill", "archive_cut", true));
  screen.machines.back().diagnosis = "archive-stalled";
  screen.machines.back().sentence = "The boot archive broke off.";
  screen.sort();
  auto lines = screen.lines(rows, columns * 2, Colours{});
  EXPECT_THAT(lines[1], StartsWith("1 in trouble   1 on their way   0 delivered   3 booted"));
  EXPECT_THAT(lines[2], StartsWith("1 loading: archive"));
  EXPECT_THAT(lines[4], StartsWith("zz-ill"));
  EXPECT_THAT(lines[4], HasSubstr("archive-stalled"));
  EXPECT_THAT(lines[4], HasSubstr("30.0 s"));
  EXPECT_THAT(lines[5], StartsWith("zz-late"));
  EXPECT_THAT(lines[rows - 3], HasSubstr("The boot archive broke off.")) << "of the chosen one";
}

TEST(TopScreen, PutsTheNewestTroubleOnTop) {
  TopScreen screen = rack(0);
  screen.machines = {machine("a", "nak", true), machine("b", "nak", true)};
  screen.machines[1].last_seen = from_unix_seconds(1'700'000'020);
  screen.sort();
  EXPECT_EQ(screen.machines[0].name, "b");
}

TEST(TopScreen, ScrollsNoFurtherThanThereIsSomething) {
  TopScreen screen = rack(100);
  std::size_t fits = TopScreen::list_rows(rows);
  screen.move(-5, rows);
  EXPECT_EQ(screen.chosen, 0u);
  screen.move(static_cast<std::ptrdiff_t>(fits), rows);
  EXPECT_EQ(screen.first, 1u);
  screen.move(1000, rows);
  EXPECT_EQ(screen.chosen, 99u);
  EXPECT_EQ(screen.first, 100 - fits);
  EXPECT_THAT(screen.lines(rows, columns, Colours{}).back(), HasSubstr("100 of 100"));
  screen.machines.resize(3);  // the others were forgotten
  screen.move(0, rows);
  EXPECT_EQ(screen.chosen, 2u);
  EXPECT_EQ(screen.first, 0u);
  screen.machines.clear();
  screen.move(0, rows);
  EXPECT_EQ(screen.chosen, 0u);
}

TEST(TopScreen, ShowsOnlyTroubleWhenAsked) {
  TopScreen screen = rack(3);
  screen.machines.push_back(machine("ill", "nak", true));
  screen.sort();
  screen.only_trouble = true;
  EXPECT_EQ(screen.shown(), 1u);
  std::string all;
  for (const std::string& line : screen.lines(rows, columns, Colours{})) all += line + "\n";
  EXPECT_THAT(all, HasSubstr("ill"));
  EXPECT_THAT(all, Not(HasSubstr("node0000")));
}

TEST(TopScreen, LetsNobodyMoveTheCursor) {
  TopScreen screen = rack(0);
  screen.machines = {machine("evil\x1b[2J", "nak", true)};
  screen.machines[0].sentence = "\x1b]0;title\x07";
  screen.machines[0].stands = "\x1b[H";
  for (const std::string& line : screen.lines(rows, columns, Colours{}))
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
}

TEST(TopScreen, SaysThatTheServerDoesNotAnswer) {
  TopScreen screen = rack(3);
  screen.fault = "nobody listens";
  auto lines = screen.lines(rows, columns * 2, Colours{});
  EXPECT_THAT(lines[0], HasSubstr("NOT ANSWERING: nobody listens"));
  EXPECT_THAT(lines[4], StartsWith("node0000")) << "what is known stays";
}

}  // namespace
}  // namespace slipway::cli
