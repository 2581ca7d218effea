// SPDX-License-Identifier: MPL-2.0
// Work that waits for a disk, off the loop: one thread that does one piece after the other and says on the
// loop when it is done. Who gives it work bounds how much. The thread starts with the first piece.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "net/reactor.h"

namespace slipway::server {

class Aside {
 public:
  explicit Aside(net::Reactor& reactor) : reactor_(reactor) {}
  /// Waits for the piece in work; what has not begun is not done.
  ~Aside();
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  /// `then` runs on the loop, and not any more when this is gone.
  void run(std::function<void()> work, std::function<void()> then);

 private:
  struct Piece {
    std::function<void()> work, then;
  };
  void loop();

  net::Reactor& reactor_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Piece> pieces_;
  bool stop_ = false;
  std::thread thread_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // looked at on the loop alone
};

}  // namespace slipway::server
