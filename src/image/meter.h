// SPDX-License-Identifier: MPL-2.0
// Tells the operator how far an import is and hears whether to stop. One thread.
#pragma once

#include "image/importer.h"

namespace slipway::image {

class Meter {
 public:
  explicit Meter(const ImportOptions& options) : options_(options) {}

  void begin(Phase phase, std::uint64_t total);
  /// `done` bytes of the phase; tells about every megabyte.
  void reached(std::uint64_t done);
  void advanced(std::uint64_t more) { reached(progress_.done + more); }
  bool stopped() const { return options_.stop && options_.stop->load(std::memory_order_relaxed); }
  static Refusal interrupted();

 private:
  void tell();

  const ImportOptions& options_;
  Progress progress_;
  std::uint64_t told_ = 0;
};

}  // namespace slipway::image
