// SPDX-License-Identifier: MPL-2.0
// Randomness as a seam: the system's for transaction ids and tokens, a seeded one for simulations.
#pragma once

#include <cstdint>

namespace slipway {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;

  /// Uniform in [0, bound); `bound` must not be 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
};

class SystemRandom final : public Random {
 public:
  std::uint64_t next() override;
};

/// SplitMix64: the same seed gives the same run on every machine.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

}  // namespace slipway
