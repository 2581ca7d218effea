// SPDX-License-Identifier: MPL-2.0
// Who the clients are: number n has one MAC of its own, walks one exchange at a time and holds what it
// was given last. It knows no packet and no clock. A file of leases carries what they hold from one run
// of the program to the next, or to whoever checks the server's store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"

namespace slipway::bench {

/// Nanoseconds of the steady clock.
using Nanoseconds = std::int64_t;

enum class Step : std::uint8_t { idle, discovering, requesting };

struct Client {
  Ipv4 address;  ///< offered, then held
  Ipv4 server;   ///< who offered it
  Nanoseconds begun = 0;
  Nanoseconds due = 0;      ///< when it loses patience
  std::uint32_t place = 0;  ///< among those under way
  std::uint16_t turn = 0;   ///< which of its exchanges: the upper part of the xid
  std::uint8_t tries = 0;   ///< of the message said last
  Step step = Step::idle;
  bool granted = false;  ///< `address` is of an ACK, not only of an OFFER
};

class Population {
 public:
  static constexpr std::uint32_t most = 1u << 20;  ///< a number has 20 bits of the xid

  /// `turn` sets the xids of this run apart from those of the last.
  Population(std::uint32_t size, std::uint16_t turn);

  std::uint32_t size() const { return static_cast<std::uint32_t>(clients_.size()); }
  Client& operator[](std::uint32_t number) { return clients_[number]; }

  /// One vendor's prefix and scattered digits, as a rack of machines has: no two alike.
  static MacAddress mac_of(std::uint32_t number);
  std::uint32_t xid_of(std::uint32_t number) const;
  static std::uint32_t number_of(std::uint32_t xid) { return xid & (most - 1); }

  /// How many hold an address that another holds too.
  std::size_t count_shared() const;

  /// "MAC address server" a line. Throws std::runtime_error when the file cannot be read or written.
  void read(const std::string& path);
  void write(const std::string& path) const;

 private:
  std::vector<Client> clients_;
};

}  // namespace slipway::bench
