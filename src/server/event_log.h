// SPDX-License-Identifier: MPL-2.0
// The machines' events as lines of the log: who did what. At most so many in a second; those beyond are not
// even written out, only counted, and the count is said. The timeline has them all. Thread: control.
#pragma once

#include "server/log.h"
#include "timeline/event.h"

namespace slipway::server {

class EventLog {
 public:
  explicit EventLog(Log log, unsigned lines_per_second = 200)
      : log_(std::move(log)), lines_per_second_(lines_per_second) {}

  void tell(const timeline::Event& event);

 private:
  bool has_room(Instant at);

  Log log_;
  unsigned lines_per_second_;
  std::chrono::seconds second_{};
  unsigned lines_ = 0, left_out_ = 0;
};

}  // namespace slipway::server
