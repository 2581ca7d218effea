// SPDX-License-Identifier: MPL-2.0
// Counters that any thread may raise and one reader prints. A registry is made in `main` and handed
// down; cells live as long as it does. Names follow Prometheus: base units, `_total`, `_seconds`.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace slipway {

class Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void subtract(std::uint64_t amount = 1) { value_.fetch_sub(amount, std::memory_order_relaxed); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Metrics {
 public:
  /// One cell; `labels` as printed, for example `reason="wrong_cookie"`. Asking again for the same
  /// name and labels gives the same cell. Takes a lock: keep the reference, do not ask per packet.
  Counter& counter(std::string_view name, std::string_view labels = {}, std::string_view help = {});
  Counter& gauge(std::string_view name, std::string_view labels = {}, std::string_view help = {});

  /// Prometheus text exposition format, version 0.0.4.
  std::string exposition() const;

 private:
  struct Cell {
    std::string name, labels;
    Counter value;
  };
  struct Family {
    std::string name, help, type;
  };
  Counter& cell(std::string_view name, std::string_view labels, std::string_view help, std::string_view type);

  mutable std::mutex mutex_;
  std::deque<Family> families_;
  std::deque<Cell> cells_;  // a deque: references stay good
};

}  // namespace slipway
