// SPDX-License-Identifier: MPL-2.0
// Waits until descriptors are ready. Private to the reactor: what is wanted and what is to be done is its own
// to know. A descriptor below zero is never ready. One thread. Failures throw StartupError.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "base/time.h"

namespace slipway::net {

class Poller {
 public:
  enum Event : unsigned { reading = 1, writing = 2, trouble = 4 };  ///< trouble: errors and hang-ups, unasked
  struct Ready {
    void* owner;
    unsigned events;
  };

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// What is wanted of a descriptor changes; without a wish it is forgotten.
  void change(int fd, unsigned before, unsigned wanted, void* owner);
  /// Waits at most so long, for ever where nothing is said. Valid until the next call. A signal ends it
  /// early.
  std::span<const Ready> wait(std::optional<Duration> longest);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace slipway::net
