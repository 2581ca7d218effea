// SPDX-License-Identifier: MPL-2.0
// A network that loses packets, delivers some twice, delays them and so changes their order. It carries
// bytes and knows no protocol.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/random.h"
#include "sim/scheduler.h"

namespace slipway::sim {

struct Weather {
  unsigned loss = 5;    ///< percent of packets
  unsigned copies = 5;  ///< percent delivered twice
  unsigned late = 5;    ///< percent delayed by up to `latest`
  unsigned cut = 1;     ///< percent that arrive cut short
};

class SimNetwork {
 public:
  /// No packet lives longer than this.
  static constexpr std::chrono::seconds latest{3};

  SimNetwork(Scheduler& scheduler, Random& random, Weather weather)
      : scheduler_(scheduler), random_(random), weather_(weather) {}

  using Receiver = std::function<void(const Bytes&)>;
  void send(Bytes packet, Receiver receiver);

  std::uint64_t lost() const { return lost_; }
  std::uint64_t copied() const { return copied_; }

 private:
  bool happens(unsigned percent) { return random_.below(100) < percent; }
  void deliver(const Bytes& packet, const Receiver& receiver);

  Scheduler& scheduler_;
  Random& random_;
  Weather weather_;
  std::uint64_t lost_ = 0, copied_ = 0;
};

}  // namespace slipway::sim
