// SPDX-License-Identifier: MPL-2.0
#include "storm/live.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "base/quantity.h"

namespace slipway::storm {
namespace {

constexpr auto on_terminal = std::chrono::seconds(1), elsewhere = std::chrono::seconds(5);

/// "600 at archive, 12 at kernel": the crowded ones first.
std::string whereabouts(const Crowd& crowd) {
  std::array<std::uint32_t, walk::stage_count> counts{};
  for (std::uint32_t i = 0; i < crowd.size(); ++i) {
    const walk::Record& record = crowd.machine(i).record();
    if (!record.over && record.power_on != Tick{}) ++counts[static_cast<std::size_t>(record.stage)];
  }
  std::string text;
  for (std::size_t i = walk::stage_count; i-- > 0;) {
    if (counts[i]) text += fmt::format(", {} at {}", counts[i], walk::to_string(static_cast<walk::Stage>(i)));
  }
  return text;
}

}  // namespace

Live::Live(net::Reactor& reactor, const Crowd& crowd)
    : reactor_(reactor),
      crowd_(crowd),
      terminal_(::isatty(STDERR_FILENO) == 1),
      timer_(reactor, [this] { show(); }) {
  timer_.after(terminal_ ? on_terminal : elsewhere);
}

void Live::show() {
  auto step = terminal_ ? on_terminal : elsewhere;
  Duration since = std::chrono::duration_cast<Duration>(reactor_.now().tick - crowd_.begun());
  std::uint64_t bytes = crowd_.bytes();
  std::string line =
      fmt::format("{}: {} of {} done{}; {}, {}/s", human_duration(since), crowd_.over(), crowd_.size(),
                  whereabouts(crowd_), human_bytes(bytes), human_bytes(rate_of(bytes - bytes_, step)));
  bytes_ = bytes;
  std::fputs((terminal_ ? "\r\x1b[K" + line : line + "\n").c_str(), stderr);
  std::fflush(stderr);
  drawn_ = terminal_;
  timer_.after(step);
}

void Live::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

}  // namespace slipway::storm
