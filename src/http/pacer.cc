// SPDX-License-Identifier: MPL-2.0
#include "http/pacer.h"

#include <algorithm>
#include <utility>

#include "http/connection.h"

namespace slipway::http {
namespace {

constexpr std::uint64_t piece = 64 * 1024;     // what one of them gets at a time
constexpr std::uint64_t little = 1024 * 1024;  // loaders and kernels; archives are hundreds of times that
constexpr std::chrono::milliseconds shortest_wait{1};  // the reactor has other things to do

}  // namespace

Pacer::Pacer(net::Reactor& reactor) : reactor_(reactor), timer_(reactor, [this] { look(); }) {}

void Pacer::wait_for(const std::shared_ptr<Bandwidth>& bandwidth, std::shared_ptr<Connection> connection) {
  Queue& queue = waiting_[bandwidth];
  (connection->file_left() <= little ? queue.short_ones : queue.long_ones).push_back(std::move(connection));
  if (!timer_.armed()) timer_.after(shortest_wait);
}

std::shared_ptr<Connection> Pacer::Queue::next() {
  auto& from = short_ones.empty() ? long_ones : short_ones;
  auto connection = std::move(from.front());
  from.pop_front();
  return connection;
}

void Pacer::look() {
  Tick now = reactor_.now().tick;
  std::optional<Tick> again;
  // A copy of the keys: who is told to go on may come back, with another limit even.
  std::vector<std::shared_ptr<Bandwidth>> limits;
  for (const auto& known : waiting_) limits.push_back(known.first);
  for (const auto& bandwidth : limits) {
    serve(*bandwidth, waiting_[bandwidth]);
    if (waiting_[bandwidth].empty()) {
      waiting_.erase(bandwidth);
    } else {
      Tick due = std::max(bandwidth->when(piece, now), now + shortest_wait);
      again = again ? std::min(*again, due) : due;
    }
  }
  if (again) timer_.at(*again);
}

/// Each at most once: who takes its piece and wants more has come back to the end.
void Pacer::serve(const Bandwidth& bandwidth, Queue& queue) {
  std::size_t waiting = queue.short_ones.size() + queue.long_ones.size();
  for (; waiting > 0; --waiting) {
    Tick now = reactor_.now().tick;
    if (bandwidth.when(piece, now) > now) return;
    queue.next()->bulk_turn();
  }
}

}  // namespace slipway::http
