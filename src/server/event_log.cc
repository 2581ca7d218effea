// SPDX-License-Identifier: MPL-2.0
#include "server/event_log.h"

#include <fmt/format.h>

namespace slipway::server {
namespace {

Counter& left_out(Metrics& metrics, std::string_view what) {
  return metrics.counter("slipway_log_left_out_total", fmt::format("what=\"{}\"", what),
                         "Lines about machines that were too many for the log.");
}

}  // namespace

EventLog::EventLog(Log log, Metrics& metrics, unsigned lines_per_second)
    : log_(std::move(log)),
      lines_per_second_(lines_per_second),
      events_left_out_(left_out(metrics, "event")),
      ends_left_out_(left_out(metrics, "verdict")) {}

void EventLog::tell(const timeline::Event& event) {
  auto level = event.machine ? spdlog::level::info : spdlog::level::debug;
  if (!log_->should_log(level) || !has_room(event.at, events_left_out_)) return;
  if (event.machine) {
    std::string who = event.machine->to_string();
    if (event.boot != 0) who += fmt::format(" boot {}:", event.boot);
    log_->info("{} {}", who, timeline::describe(event));
  } else {
    log_->debug("{}", timeline::describe(event));
  }
}

void EventLog::tell_end(const timeline::Boot& boot, bool failed, bool named, Instant now) {
  auto level = failed ? spdlog::level::warn : spdlog::level::info;
  if (!log_->should_log(level) || (!named && !has_room(now, ends_left_out_))) return;
  log_->log(level, "{} boot {}: {}: {}", boot.machine.to_string(), boot.id, to_string(boot.verdict.code),
            boot.verdict.sentence);
}

bool EventLog::has_room(Instant at, Counter& left_out) {
  auto second = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  if (second != second_) {
    if (left_out_ > 0)
      log_->warn("{} events left out: more than {} in a second", left_out_, lines_per_second_);
    second_ = second;
    lines_ = left_out_ = 0;
  }
  if (lines_ < lines_per_second_) {
    ++lines_;
    return true;
  }
  ++left_out_;
  left_out.add();
  return false;
}

}  // namespace slipway::server
