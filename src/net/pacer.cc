// SPDX-License-Identifier: MPL-2.0
#include "net/pacer.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace slipway::net {
namespace {

constexpr std::uint64_t little = 1024 * 1024;  // loaders and kernels; archives are hundreds of times that
constexpr std::chrono::milliseconds shortest_wait{1};  // the reactor has other things to do

}  // namespace

Pacer::Pacer(Reactor& reactor, LimitOf limit_of)
    : reactor_(reactor), limit_of_(std::move(limit_of)), timer_(reactor, [this] { look(); }) {}

bool Pacer::take(const std::shared_ptr<Bandwidth>& bandwidth, const Need& need) {
  if (auto place = waiting_.find(bandwidth); place != waiting_.end() && !serving_) {
    const Queue& queue = place->second;
    if (!queue.short_ones.empty() || (need.left > little && !queue.long_ones.empty())) return false;
  }
  return bandwidth->take(need.next, reactor_.now().tick, need.next) > 0;
}

void Pacer::wait_for(const std::shared_ptr<Bandwidth>& bandwidth, const Need& need,
                     std::function<void()> go_on) {
  Queue& queue = waiting_[bandwidth];
  (need.left <= little ? queue.short_ones : queue.long_ones).push_back({need.next, std::move(go_on)});
  if (serving_) return;  // `look` sees to it
  Tick now = reactor_.now().tick;
  look_at(std::max(bandwidth->when(queue.first().front().next, now), now + shortest_wait));
}

/// Or sooner, where another limit says so.
void Pacer::look_at(Tick due) {
  if (timer_.armed() && due_ <= due) return;
  due_ = due;
  timer_.at(due);
}

void Pacer::look() {
  Tick now = reactor_.now().tick;
  // A copy of the keys: who is told to go on may come back, with another limit even.
  std::vector<std::shared_ptr<Bandwidth>> limits;
  for (const auto& known : waiting_) limits.push_back(known.first);
  serving_ = true;
  for (const auto& bandwidth : limits) serve(*bandwidth, waiting_[bandwidth]);
  serving_ = false;
  for (auto place = waiting_.begin(); place != waiting_.end();) {
    Queue& queue = place->second;
    if (queue.empty()) {
      place = waiting_.erase(place);
      continue;
    }
    look_at(std::max(place->first->when(queue.first().front().next, now), now + shortest_wait));
    ++place;
  }
}

/// Each at most once: who takes its piece and wants more has come back to the end.
void Pacer::serve(const Bandwidth& bandwidth, Queue& queue) {
  Tick now = reactor_.now().tick;
  for (std::size_t turns = queue.short_ones.size() + queue.long_ones.size(); turns > 0; --turns) {
    auto& from = queue.first();
    if (bandwidth.when(from.front().next, now) > now) return;
    auto go_on = std::move(from.front().go_on);
    from.pop_front();
    go_on();
  }
}

}  // namespace slipway::net
