// SPDX-License-Identifier: MPL-2.0
// How boots go on and end: how long each stage took from power-on, and each end told once. Some boots end by
// silence, so those that go on are looked at again and again, a few at a time: a rack that boots holds nobody
// up, and whoever makes up machines holds up none that the configuration names. Bounded as the timeline is.
// Thread: control.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <unordered_map>

#include "base/metrics.h"
#include "timeline/timeline.h"

namespace slipway::server {

class BootWatch {
 public:
  /// A boot failed, or came up. One that failed may come up after all: then both are told.
  using Tell = std::function<void(const timeline::Boot& boot, bool failed)>;

  BootWatch(const timeline::Timeline& timeline, Metrics& metrics, Tell tell);

  /// An event just recorded.
  void hear(const timeline::Event& event);
  /// At some of the boots that go on: call it again soon.
  void look(Instant now, std::size_t most = 200);

 private:
  struct Watched {
    std::uint64_t boot = 0;
    unsigned stages = 0;  ///< a bit for each that is measured
    bool failed = false, up = false, queued = false;
  };
  using Queue = std::deque<MacAddress>;

  std::size_t look_at_some(Queue& queue, Instant now, std::size_t most);
  bool look_at(const MacAddress& machine, Watched& watched, Instant now);
  void measure(const timeline::Boot& boot, Watched& watched);

  const timeline::Timeline& timeline_;
  Tell tell_;
  std::array<Histogram*, timeline::stage_count> reached_;
  std::array<Counter*, timeline::verdict_count> failed_;  ///< null where a verdict is no failure
  Histogram& up_;
  Counter &began_, &came_up_, &unwatched_;
  std::unordered_map<MacAddress, Watched> watched_;
  std::size_t idle_ = 0;     ///< of these, in no queue: they make room for others
  Queue named_, strangers_;  ///< those that the configuration names apart
};

}  // namespace slipway::server
