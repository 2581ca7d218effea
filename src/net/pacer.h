// SPDX-License-Identifier: MPL-2.0
// Who goes on when a network's bandwidth is used up. Those who lack little go first: a loader overtakes the
// archives, and among those who lack much, each gets a piece in turn. HTTP and TFTP of one loop wait in the
// same queue. One reactor's thread; nothing fails.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "base/address.h"
#include "base/bandwidth.h"
#include "net/reactor.h"

namespace slipway::net {

class Pacer {
 public:
  /// The limit on what is sent to an address; null: none.
  using LimitOf = std::function<std::shared_ptr<Bandwidth>(Ipv4)>;

  /// What a sender has before it.
  struct Need {
    std::uint64_t left = 0;  ///< bytes until it has done
    std::uint64_t next = 0;  ///< of those, what it would send now
  };

  Pacer(Reactor& reactor, LimitOf limit_of);
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  std::shared_ptr<Bandwidth> limit_of(Ipv4 client) const { return limit_of_(client); }
  /// Whether `next` bytes may be sent now, and takes them. Not while others wait who come first.
  bool take(const std::shared_ptr<Bandwidth>& bandwidth, const Need& need);
  /// Calls `go_on` once, when it is this one's turn. It may be told after all that it gets nothing.
  void wait_for(const std::shared_ptr<Bandwidth>& bandwidth, const Need& need, std::function<void()> go_on);

  static constexpr std::uint64_t piece = 64 << 10;  ///< bytes at a time: a thousand can share

 private:
  struct Waiting {
    std::uint64_t next;
    std::function<void()> go_on;
  };
  struct Queue {
    std::deque<Waiting> short_ones, long_ones;
    bool empty() const { return short_ones.empty() && long_ones.empty(); }
    std::deque<Waiting>& first() { return short_ones.empty() ? long_ones : short_ones; }
  };
  void look();
  void serve(const Bandwidth& bandwidth, Queue& queue);
  void look_at(Tick due);

  Reactor& reactor_;
  LimitOf limit_of_;
  std::map<std::shared_ptr<Bandwidth>, Queue> waiting_;
  bool serving_ = false;  ///< whoever asks now has waited
  Tick due_;
  Timer timer_;
};

}  // namespace slipway::net
