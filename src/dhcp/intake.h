// SPDX-License-Identifier: MPL-2.0
// What waits for the responder, and what is served next when more comes in than can be answered: a running
// machine that wants to keep its address before one that is halfway to its first, and both before those
// that only begin. Of these the newest goes first: it still listens, while who asked long ago has asked
// again since. Bounded as a whole and for each client, so that one that floods takes only its share.
// Values in, values out: no socket, no clock. What has to go is given back with its reason.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <optional>

#include "base/flat_map.h"
#include "dhcp/arrival.h"
#include "dhcp/drop.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

struct Packet {
  wire::DhcpMessage message;
  Arrival arrival;
};

class Intake {
 public:
  struct Limits {
    std::size_t packets = 16384;  ///< 10,000 machines in one instant, and what they sent a moment ago
    std::size_t per_client = 64;  ///< far more than any client has under way
  };
  struct Discarded {
    Packet packet;
    Drop why;
  };

  Intake() : Intake(Limits()) {}
  explicit Intake(Limits limits) : limits_(limits) {}

  /// Lets a packet in. The result had to go for it, or is the packet itself.
  std::optional<Discarded> push(Packet&& packet);
  /// What is to be served next.
  std::optional<Packet> pop();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  /// In the order in which they are served.
  enum class Class : std::uint8_t { renewal, under_way, beginning };
  static constexpr std::size_t class_count = 3;

  struct Waiting {
    Packet packet;
    std::uint64_t client;
  };
  using Queue = std::list<Waiting>;
  struct Client {
    std::size_t waiting = 0;
    std::optional<Queue::iterator> beginning;  // a client begins once, however often it asks
  };

  static Class class_of(const wire::DhcpMessage& message);
  Queue& queue(Class which) { return queues_[static_cast<std::size_t>(which)]; }
  Discarded discard(Class which, Queue::iterator waiting, Drop why);
  Packet take(Class which, Queue::iterator waiting);
  std::optional<Discarded> make_room(Class wanted);

  Limits limits_;
  std::array<Queue, class_count> queues_;  // oldest first
  FlatMap<std::uint64_t, Client> clients_;
  std::size_t size_ = 0;
};

}  // namespace slipway::dhcp
