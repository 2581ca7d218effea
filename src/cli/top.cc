// SPDX-License-Identifier: MPL-2.0
// slipway top: the rack, live in a terminal; where standard output is none, once. The daemon answers other
// questions, too: it is asked again only after a pause of many times what its answer took.
#include <algorithm>

#include <unistd.h>

#include "cli/api_call.h"
#include "cli/terminal.h"
#include "cli/top_screen.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr Duration shortest_pause = 1s, longest_pause = 30s;
constexpr int pause_per_answer = 20;
constexpr std::size_t rows_of_a_page = 66;

/// What is known stays on the screen where the daemon does not answer.
Duration refresh(const Context& context, TopScreen& screen) {
  auto began = Clock::now();
  auto list = ask<api::MachineList>(context, "/api/v1/machines");
  auto status =
      list ? ask<api::StatusView>(context, "/api/v1/status") : Result<api::StatusView, Fault>(list.error());
  auto took = std::chrono::duration_cast<Duration>(Clock::now() - began);
  screen.fault = status ? "" : status.error().what;
  if (!status) return shortest_pause;
  screen.machines = std::move(list->machines);
  screen.status = std::move(*status);
  screen.sort();
  return std::clamp<Duration>(took * pause_per_answer, shortest_pause, longest_pause);
}

std::ptrdiff_t step_of(Key key, std::size_t rows) {
  auto page = static_cast<std::ptrdiff_t>(TopScreen::list_rows(rows));
  constexpr std::ptrdiff_t all = 1 << 30;
  switch (key) {
    case Key::up:
      return -1;
    case Key::down:
      return 1;
    case Key::page_up:
      return -page;
    case Key::page_down:
      return page;
    case Key::home:
      return -all;
    case Key::end:
      return all;
    case Key::quit:
    case Key::other:
      return 0;
  }
  return 0;
}

int watch(const Context& context, TopScreen& screen, Duration pause) {
  Terminal terminal;
  Colours colour = colours();
  auto next = Clock::now() + pause;
  while (true) {
    auto [rows, columns] = terminal.size();
    screen.move(0, rows);
    terminal.draw(screen.lines(rows, columns, colour));
    auto left = std::chrono::duration_cast<Duration>(next - Clock::now());
    if (left <= Duration::zero()) {
      next = Clock::now() + refresh(context, screen);
      continue;
    }
    auto press = terminal.wait(left);
    if (!press) continue;
    if (press->key == Key::quit) return exit_ok;
    if (press->letter == 't') {
      screen.only_trouble = !screen.only_trouble;
      screen.chosen = screen.first = 0;
    }
    screen.move(step_of(press->key, rows), rows);
  }
}

}  // namespace

int top(const Context& context) {
  if (context.json) return fail({"top is for people", "`slipway machine list --json` is for programs"});
  TopScreen screen;
  Duration pause = refresh(context, screen);
  if (!screen.fault.empty()) return fail({screen.fault, "`slipway status` says more"});
  if (is_terminal(STDOUT_FILENO) && is_terminal(STDIN_FILENO)) return watch(context, screen, pause);
  for (const std::string& line : screen.lines(rows_of_a_page, 160, Colours{})) print_line(line);
  return exit_ok;
}

}  // namespace slipway::cli
