// SPDX-License-Identifier: MPL-2.0
// The machines' events as lines of the log: who did what, and how its boot ended. At most so many in a
// second; those beyond are not even written out, only counted, and the count is said. How a boot of a machine
// ended that the configuration names is written always. The timeline has them all. Thread: control.
#pragma once

#include "base/metrics.h"
#include "server/log.h"
#include "timeline/boot.h"
#include "timeline/event.h"

namespace slipway::server {

class EventLog {
 public:
  EventLog(Log log, Metrics& metrics, unsigned lines_per_second = 200);

  void tell(const timeline::Event& event);
  /// `named`: of a machine that the configuration names.
  void tell_end(const timeline::Boot& boot, bool failed, bool named, Instant now);

 private:
  bool has_room(Instant at, Counter& left_out);

  Log log_;
  unsigned lines_per_second_;
  Counter &events_left_out_, &ends_left_out_;
  std::chrono::seconds second_{};
  unsigned lines_ = 0, left_out_ = 0;
};

}  // namespace slipway::server
