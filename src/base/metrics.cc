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

Counter& Metrics::cell(std::string_view name, std::string_view labels, std::string_view help,
                       std::string_view type) {
  std::lock_guard lock(mutex_);
  for (Cell& known : cells_) {
    if (known.name == name && known.labels == labels) return known.value;
  }
  bool new_family =
      std::none_of(families_.begin(), families_.end(), [&](const Family& f) { return f.name == name; });
  if (new_family) families_.push_back({std::string(name), std::string(help), std::string(type)});
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
  }
  return text;
}

}  // namespace slipway
