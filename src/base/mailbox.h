// SPDX-License-Identifier: MPL-2.0
// How threads meet: a bounded queue of values with a descriptor that becomes readable when it holds
// something. Any thread may post; one thread drains. A full mailbox refuses, and the caller counts it.
#pragma once

#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "base/bell.h"

namespace slipway {

template <typename T>
class Mailbox {
 public:
  explicit Mailbox(std::size_t capacity) : capacity_(capacity) {}

  /// False when the mailbox is full: the value is dropped.
  [[nodiscard]] bool post(T value) {
    std::unique_lock lock(mutex_);
    if (items_.size() >= capacity_) return false;
    bool first = items_.empty();
    items_.push_back(std::move(value));
    lock.unlock();  // before the reader is woken: it wants the lock at once
    if (first) bell_.ring();
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
    if (first) bell_.ring();
    return true;
  }

  /// Everything posted so far, oldest first; may be nothing although the descriptor was readable. Clears it.
  std::vector<T> drain() {
    std::lock_guard lock(mutex_);
    bell_.silence();
    return std::exchange(items_, {});
  }

  /// Readable while something waits; for the reader's loop.
  int fd() const { return bell_.fd(); }

 private:
  std::mutex mutex_;
  std::vector<T> items_;
  std::size_t capacity_;
  Bell bell_;
};

}  // namespace slipway
