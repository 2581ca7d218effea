// SPDX-License-Identifier: MPL-2.0
#include "server/aside.h"

namespace slipway::server {

Aside::~Aside() {
  *alive_ = false;
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  more_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Aside::run(std::function<void()> work, std::function<void()> then) {
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  {
    std::lock_guard lock(mutex_);
    pieces_.push_back({std::move(work), std::move(then)});
  }
  more_.notify_one();
}

void Aside::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    more_.wait(lock, [this] { return stop_ || !pieces_.empty(); });
    if (stop_) return;
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    lock.unlock();
    piece.work();
    piece.work = {};
    reactor_.post([alive = alive_, then = std::move(piece.then)] {
      if (*alive) then();
    });
    lock.lock();
  }
}

}  // namespace slipway::server
