// SPDX-License-Identifier: MPL-2.0
#include "base/metrics.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway {

Counter& Metrics::counter(std::string_view name, std::string_view labels, std::string_view help) {
  return cell(name, labels, help, "counter");
}

Counter& Metrics::gauge(std::string_view name, std::string_view labels, std::string_view help) {
  return cell(name, labels, help, "gauge");
}

void Histogram::observe(double value) {
  auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(at)].add();
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::string Histogram::samples(const std::string& name, const std::string& labels) const {
  std::string text;
  std::string before = labels.empty() ? "" : labels + ",";
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    count += counts_[i].value();
    std::string bound = i < bounds_.size() ? fmt::format("{}", bounds_[i]) : "+Inf";
    text += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, before, bound, count);
  }
  std::string with = labels.empty() ? "" : "{" + labels + "}";
  text += fmt::format("{}_sum{} {}\n", name, with, sum_.load(std::memory_order_relaxed));
  return text + fmt::format("{}_count{} {}\n", name, with, count);
}

Histogram& Metrics::histogram(std::string_view name, std::string_view labels, std::string_view help,
                              std::vector<double> bounds) {
  std::lock_guard lock(mutex_);
  for (HistogramCell& known : histograms_) {
    if (known.name == name && known.labels == labels) return known.value;
  }
  know_family(name, help, "histogram");
  return histograms_.emplace_back(name, labels, std::move(bounds)).value;
}

void Metrics::know_family(std::string_view name, std::string_view help, std::string_view type) {
  bool known =
      std::any_of(families_.begin(), families_.end(), [&](const Family& f) { return f.name == name; });
  if (!known) families_.push_back({std::string(name), std::string(help), std::string(type)});
}

Counter& Metrics::cell(std::string_view name, std::string_view labels, std::string_view help,
                       std::string_view type) {
  std::lock_guard lock(mutex_);
  for (Cell& known : cells_) {
    if (known.name == name && known.labels == labels) return known.value;
  }
  know_family(name, help, type);
  Cell& made = cells_.emplace_back();
  made.name = name;
  made.labels = labels;
  return made.value;
}

std::string Metrics::exposition() const {
  std::lock_guard lock(mutex_);
  std::string text;
  for (const Family& family : families_) {
    if (!family.help.empty()) text += fmt::format("# HELP {} {}\n", family.name, family.help);
    text += fmt::format("# TYPE {} {}\n", family.name, family.type);
    for (const Cell& cell : cells_) {
      if (cell.name != family.name) continue;
      std::string labels = cell.labels.empty() ? "" : "{" + cell.labels + "}";
      text += fmt::format("{}{} {}\n", cell.name, labels, cell.value.value());
    }
    for (const HistogramCell& cell : histograms_) {
      if (cell.name == family.name) text += cell.value.samples(cell.name, cell.labels);
    }
  }
  return text;
}

}  // namespace slipway
