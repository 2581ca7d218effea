// SPDX-License-Identifier: MPL-2.0
// Router messages of IPv6 on one interface (RFC 4861): a raw socket that hears the two types it is opened
// for, as a member of the group of all routers, and sends with hop limit 255. The kernel drops what has a
// wrong checksum and writes ours. Always non-blocking. One thread at a time. Opening throws StartupError;
// sending returns the error.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>

#include <boost/system/error_code.hpp>

#include "base/address.h"
#include "base/bytes.h"
#include "base/unique_fd.h"

namespace slipway::net {

struct Icmp6Packet {
  ByteView bytes;  ///< from the type on; valid until the next receive
  Ipv6 source;
  int hop_limit = 0;
};

class Icmp6Socket {
 public:
  Icmp6Socket(const std::string& device, unsigned index);

  /// The next that waits, or none.
  std::optional<Icmp6Packet> receive();
  /// From `from`, an address of the interface.
  boost::system::error_code send(ByteView bytes, const Ipv6& from, const Ipv6& to);

  int fd() const { return fd_.get(); }

 private:
  /// And the interface it came in by.
  std::pair<std::optional<Icmp6Packet>, unsigned> receive_any();

  UniqueFd fd_;
  unsigned index_;
  std::array<std::uint8_t, 2048> buffer_{};
};

inline constexpr Ipv6 all_nodes{{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
inline constexpr Ipv6 all_routers{{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};

}  // namespace slipway::net
