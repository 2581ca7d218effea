// SPDX-License-Identifier: MPL-2.0
// Progress of long work on standard error: a bar that redraws itself on a terminal, a line every ten
// percent elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/quantity.h"

namespace slipway::cli {

class ProgressBar {
 public:
  /// `amount` writes a quantity for a person: bytes, unless something else is counted.
  explicit ProgressBar(std::string (*amount)(std::uint64_t) = human_bytes);
  ~ProgressBar() { finish(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `total` 0: not known.
  void show(const std::string& what, std::uint64_t done, std::uint64_t total);
  /// Takes the bar off the terminal.
  void finish();

 private:
  void draw(const std::string& what, std::uint64_t done, std::uint64_t total);

  std::string (*amount_)(std::uint64_t);
  bool terminal_;
  bool drawn_ = false;
  std::string what_;
  std::uint64_t next_line_ = 0;  // in percent
  std::chrono::steady_clock::time_point began_, drawn_at_;
};

}  // namespace slipway::cli
