// SPDX-License-Identifier: MPL-2.0
// The cruel twin of a store: slow, refusing to write, or dying at the n-th commit, before or after it
// reached the disk. For tests and simulations.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "lease/store.h"

namespace slipway::store {

class FaultyStore final : public lease::Store {
 public:
  struct Faults {
    std::chrono::microseconds delay{0};  ///< before each commit
    std::uint64_t fail_every = 0;        ///< every n-th commit is a fault; 0: none
    std::uint64_t dies_at = 0;           ///< from the n-th commit on all are faults; 0: never
    bool died_after_write = false;       ///< the fatal commit is on the disk, but nobody hears of it
  };

  FaultyStore(lease::Store& beneath, Faults faults) : beneath_(beneath), faults_(faults) {}

  Result<std::vector<lease::Lease>, Fault> load() override { return beneath_.load(); }
  Result<std::vector<lease::Outcome>, Fault> commit(std::span<const lease::Change> changes) override;
  bool tidy() override { return !dead() && beneath_.tidy(); }

  std::uint64_t commits() const { return commits_; }
  bool dead() const { return faults_.dies_at != 0 && commits_ >= faults_.dies_at; }

 private:
  lease::Store& beneath_;
  Faults faults_;
  std::atomic<std::uint64_t> commits_ = 0;
};

}  // namespace slipway::store
