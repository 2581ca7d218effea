// SPDX-License-Identifier: MPL-2.0
#include "server/event_log.h"

#include <fmt/format.h>

namespace slipway::server {

void EventLog::tell(const timeline::Event& event) {
  auto level = event.machine ? spdlog::level::info : spdlog::level::debug;
  if (!log_->should_log(level) || !has_room(event.at)) return;
  if (event.machine) {
    std::string who = event.machine->to_string();
    if (event.boot != 0) who += fmt::format(" boot {}:", event.boot);
    log_->info("{} {}", who, timeline::describe(event));
  } else {
    log_->debug("{}", timeline::describe(event));
  }
}

bool EventLog::has_room(Instant at) {
  auto second = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  if (second != second_) {
    if (left_out_ > 0)
      log_->warn("{} events left out: more than {} in a second", left_out_, lines_per_second_);
    second_ = second;
    lines_ = left_out_ = 0;
  }
  bool room = lines_ < lines_per_second_;
  ++(room ? lines_ : left_out_);
  return room;
}

}  // namespace slipway::server
