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
#include <utility>
#include <vector>

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

/// How many values were at most so much, and what they come to together.
class Histogram {
 public:
  /// Upper bounds, ascending; what is above the last is counted, too.
  explicit Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

  void observe(double value);
  /// Samples as printed, for a name and its labels.
  std::string samples(const std::string& name, const std::string& labels) const;

 private:
  std::vector<double> bounds_;
  std::vector<Counter> counts_;  ///< of each stretch alone
  std::atomic<double> sum_{0};
};

class Metrics {
 public:
  /// One cell; `labels` as printed, for example `reason="wrong_cookie"`. Asking again for the same
  /// name and labels gives the same cell. Takes a lock: keep the reference, do not ask per packet.
  Counter& counter(std::string_view name, std::string_view labels = {}, std::string_view help = {});
  Counter& gauge(std::string_view name, std::string_view labels = {}, std::string_view help = {});
  /// `bounds` count where the name and labels are new.
  Histogram& histogram(std::string_view name, std::string_view labels, std::string_view help,
                       std::vector<double> bounds);

  /// Prometheus text exposition format, version 0.0.4.
  std::string exposition() const;

 private:
  struct Cell {
    std::string name, labels;
    Counter value;
  };
  struct HistogramCell {
    HistogramCell(std::string_view named, std::string_view labelled, std::vector<double> bounds)
        : name(named), labels(labelled), value(std::move(bounds)) {}
    std::string name, labels;
    Histogram value;
  };
  struct Family {
    std::string name, help, type;
  };
  void know_family(std::string_view name, std::string_view help, std::string_view type);
  Counter& cell(std::string_view name, std::string_view labels, std::string_view help, std::string_view type);

  mutable std::mutex mutex_;
  std::deque<Family> families_;
  std::deque<Cell> cells_;  // deques: references stay good
  std::deque<HistogramCell> histograms_;
};

}  // namespace slipway
