// SPDX-License-Identifier: MPL-2.0
// What the TFTP service counts. Cells are asked for once and then only added to.
#pragma once

#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/metrics.h"

namespace slipway::server {

/// The cells of one counter by the value of its label, each asked for once.
class CounterFamily {
 public:
  CounterFamily(Metrics& metrics, std::string_view name, std::string_view label, std::string_view help)
      : metrics_(metrics), name_(name), label_(label), help_(help) {}

  /// `value` is a literal: it is kept.
  Counter& operator[](std::string_view value) {
    Counter*& cell = cells_[value];
    if (!cell) cell = &metrics_.counter(name_, fmt::format("{}=\"{}\"", label_, value), help_);
    return *cell;
  }

 private:
  Metrics& metrics_;
  std::string_view name_, label_, help_;
  std::unordered_map<std::string_view, Counter*> cells_;
};

struct TftpCounters {
  explicit TftpCounters(Metrics& all) : metrics(all) {}

  Metrics& metrics;
  Counter& requests = metrics.counter("slipway_tftp_requests_total", {}, "TFTP requests");
  Counter& repeats = metrics.counter("slipway_tftp_repeated_requests_total", {},
                                     "TFTP requests that came again for a transfer under way");
  Counter& bytes = metrics.counter("slipway_tftp_bytes_total", {}, "Content acknowledged by TFTP clients");
  Counter& resent = metrics.counter("slipway_tftp_blocks_resent_total", {}, "TFTP blocks sent again");
  CounterFamily ended{metrics, "slipway_tftp_transfers_total", "ending", "TFTP transfers that ended"};
  CounterFamily refused{metrics, "slipway_tftp_refused_total", "reason",
                        "TFTP requests answered with an ERROR"};
  CounterFamily dropped{metrics, "slipway_tftp_dropped_total", "reason",
                        "Packets to the TFTP port that got no transfer and no ERROR"};
  Counter& running = metrics.gauge("slipway_tftp_running", {}, "TFTP transfers under way");
};

}  // namespace slipway::server
