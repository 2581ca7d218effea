// SPDX-License-Identifier: MPL-2.0
// What the last DHCP packet of each machine said about it, for the loops that render its script. The
// one thing control and transfer loops share that changes; it carries its own lock, is held for a map
// look-up only, and is bounded: the machine heard of least recently is forgotten.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "model/client.h"

namespace slipway::server {

class KnownClients {
 public:
  explicit KnownClients(std::size_t capacity = 16384) : capacity_(capacity) {}

  /// What a packet said; anybody may say anything, its address included.
  void learn(const model::Client& client);
  /// The same, and that we gave it its address: what is one machine's alone goes by this.
  void learn_given(const model::Client& client);
  /// A system that such a machine runs was given an address: perhaps under a name of its own, and another
  /// one.
  void note_given(const MacAddress& mac, Ipv4 address);
  /// A client we know nothing of is only its MAC address.
  model::Client get(const MacAddress& mac) const;
  bool has(const MacAddress& mac) const;
  std::optional<model::Client> at(Ipv4 address) const;
  /// Whom we gave this address last; nothing: nobody, or it was long ago.
  std::optional<MacAddress> holder_of(Ipv4 address) const;

 private:
  static constexpr std::size_t most_addresses =
      4;  ///< of a machine: firmware, loader and system may each hold one
  struct Known {
    model::Client client;
    std::vector<Ipv4> given;  ///< newest last
  };
  using Order = std::list<Known>;  // most recent first

  void keep(const model::Client& client, std::optional<Ipv4> given);
  void forget(Order::iterator known);
  void give(Known& known, Ipv4 address);
  static void leave(std::unordered_map<Ipv4, MacAddress>& addresses, Ipv4 address, const MacAddress& mac);

  mutable std::mutex mutex_;
  std::size_t capacity_;
  Order order_;
  std::unordered_map<MacAddress, Order::iterator> by_mac_;
  std::unordered_map<Ipv4, MacAddress> by_address_, holders_;
};

}  // namespace slipway::server
