// SPDX-License-Identifier: MPL-2.0
#include "server/boot_watch.h"

#include <fmt/format.h>

namespace slipway::server {
namespace {

constexpr std::size_t most_watched = 16384;
constexpr std::chrono::hours forgotten_after{1};

std::vector<double> bounds() {
  return {0.1, 0.5, 1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200};
}

Histogram& stage_histogram(Metrics& metrics, std::string_view stage) {
  return metrics.histogram("slipway_boot_stage_reached_seconds", fmt::format("stage=\"{}\"", stage),
                           "From a boot's first packet to the end of each stage it came through.", bounds());
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

BootWatch::BootWatch(const timeline::Timeline& timeline, Metrics& metrics, Tell tell)
    : timeline_(timeline),
      tell_(std::move(tell)),
      reached_{},
      failed_{},
      up_(stage_histogram(metrics, "running")),
      began_(metrics.counter("slipway_boots_begun_total", {}, "Boots that began.")),
      came_up_(metrics.counter("slipway_boots_up_total", {}, "Boots whose operating system came up.")),
      unwatched_(metrics.counter(
          "slipway_boots_unwatched_total", {},
          "Events of boots nobody watches: so many machines boot that the file does not name.")) {
  for (std::size_t i = 0; i < timeline::stage_count; ++i)
    reached_[i] = &stage_histogram(metrics, to_string(static_cast<timeline::StageName>(i)));
  for (std::size_t i = 0; i < timeline::verdict_count; ++i) {
    auto code = static_cast<timeline::VerdictCode>(i);
    if (is_failure(code))
      failed_[i] =
          &metrics.counter("slipway_boots_failed_total", fmt::format("verdict=\"{}\"", to_string(code)),
                           "Boots that stopped, by the reason.");
  }
}

void BootWatch::hear(const timeline::Event& event) {
  if (!event.machine || event.boot == 0) return;
  if (watched_.size() >= most_watched && !watched_.contains(*event.machine)) {
    if (std::exchange(idle_, 0) > 0)
      std::erase_if(watched_, [](const auto& one) { return !one.second.queued; });
    if (watched_.size() >= most_watched && !timeline_.is_named(*event.machine)) return unwatched_.add();
  }
  auto [known, is_new] = watched_.try_emplace(*event.machine);
  if (std::exchange(known->second.queued, true)) return;
  if (!is_new) --idle_;
  (timeline_.is_named(*event.machine) ? named_ : strangers_).push_back(*event.machine);
}

/// Half of the time for each, and what one does not need for the other.
void BootWatch::look(Instant now, std::size_t most) {
  std::size_t of_strangers = std::min(strangers_.size(), most / 2);
  std::size_t looked = look_at_some(named_, now, most - of_strangers);
  look_at_some(strangers_, now, most - looked);
}

std::size_t BootWatch::look_at_some(Queue& queue, Instant now, std::size_t most) {
  std::size_t count = std::min(most, queue.size());
  for (std::size_t left = count; left > 0; --left) {
    MacAddress machine = queue.front();
    queue.pop_front();
    auto watched = watched_.find(machine);
    if (watched == watched_.end()) continue;
    if (look_at(machine, watched->second, now)) {
      queue.push_back(machine);
    } else {
      watched->second.queued = false;
      ++idle_;
    }
  }
  return count;
}

/// Whether to look again though nothing is heard.
bool BootWatch::look_at(const MacAddress& machine, Watched& watched, Instant now) {
  auto boot = timeline_.explain(machine, now);
  if (!boot) return false;
  if (boot->id != watched.boot) {
    watched = {boot->id, 0, false, false, watched.queued};
    began_.add();
  }
  measure(*boot, watched);
  if (is_failure(boot->verdict.code) && !std::exchange(watched.failed, true)) {
    failed_[static_cast<std::size_t>(boot->verdict.code)]->add();
    tell_(*boot, true);
  }
  if (boot->verdict.code == timeline::VerdictCode::running && !std::exchange(watched.up, true)) {
    came_up_.add();
    up_.observe(seconds(boot->last - boot->started));
    tell_(*boot, false);
  }
  // Who stays up for long enough is out of a loop, and says nothing when that is.
  bool goes_on = !watched.failed || boot->verdict.code == timeline::VerdictCode::boot_loop;
  return goes_on && !watched.up && now - boot->last < forgotten_after;
}

void BootWatch::measure(const timeline::Boot& boot, Watched& watched) {
  for (const timeline::Stage& stage : boot.stages) {
    auto at = static_cast<std::size_t>(stage.name);
    if (stage.state != timeline::StageState::done || (watched.stages >> at & 1u) != 0) continue;
    watched.stages |= 1u << at;
    reached_[at]->observe(seconds(stage.at + stage.took - boot.started));
  }
}

}  // namespace slipway::server
