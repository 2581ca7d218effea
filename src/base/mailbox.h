// SPDX-License-Identifier: MPL-2.0
// How threads meet: a bounded queue of values with an eventfd that becomes readable when it holds
// something. Any thread may post; one thread drains. A full mailbox refuses, and the caller counts it.
#pragma once

#include <iterator>
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
    std::unique_lock lock(mutex_);
    if (items_.size() >= capacity_) return false;
    bool first = items_.empty();
    items_.push_back(std::move(value));
    lock.unlock();  // before the reader is woken: it wants the lock at once
    if (first) wake();
    return true;
  }

  /// Several at once. All or none: false when there is no room for all of them.
  [[nodiscard]] bool post_all(std::vector<T> values) {
    if (values.empty()) return true;
    std::unique_lock lock(mutex_);
    if (items_.size() + values.size() > capacity_) return false;
    bool first = items_.empty();
    if (first) {
      items_ = std::move(values);
    } else {
      items_.insert(items_.end(), std::move_iterator(values.begin()), std::move_iterator(values.end()));
    }
    lock.unlock();
    if (first) wake();
    return true;
  }

  /// Everything posted so far, oldest first; may be nothing although the descriptor was readable. Clears it.
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
