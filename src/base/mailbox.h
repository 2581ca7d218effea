// SPDX-License-Identifier: MPL-2.0
// How threads meet: a bounded queue of values with an eventfd that becomes readable when it holds
// something. Any thread may post; one thread drains. A full mailbox refuses, and the caller counts it.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include <sys/eventfd.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace slipway {

template <typename T>
class Mailbox {
 public:
  explicit Mailbox(std::size_t capacity)
      : capacity_(capacity), event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!event_) throw StartupError("cannot make an eventfd: raise the limit on open files");
  }

  /// False when the mailbox is full: the value is dropped.
  [[nodiscard]] bool post(T value) {
    std::lock_guard lock(mutex_);
    if (items_.size() >= capacity_) return false;
    items_.push_back(std::move(value));
    if (items_.size() == 1) wake();
    return true;
  }

  /// Everything posted so far, oldest first. Clears the descriptor.
  std::vector<T> drain() {
    std::lock_guard lock(mutex_);
    std::uint64_t ignored = 0;
    [[maybe_unused]] auto n = ::read(event_.get(), &ignored, sizeof ignored);
    return std::exchange(items_, {});
  }

  /// Readable while something waits; for the reader's loop.
  int fd() const { return event_.get(); }

 private:
  void wake() {
    std::uint64_t one = 1;
    [[maybe_unused]] auto n = ::write(event_.get(), &one, sizeof one);
  }

  std::mutex mutex_;
  std::vector<T> items_;
  std::size_t capacity_;
  UniqueFd event_;
};

}  // namespace slipway
