// SPDX-License-Identifier: MPL-2.0
// Hears IPv4 packets that pass this machine's links with UDP to one port, whoever they are for: as whole
// packets, with the station they came from. The kernel's filter keeps all others away, and what we send
// ourselves is not heard. It reads no header and decides nothing. Opened before privileges are dropped, it
// works after. Opening throws StartupError. One thread at a time. Where the system gives no frames
// (net/abilities.h) its descriptor is -1 and nothing is heard.
#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/unique_fd.h"

namespace slipway::net {

struct TappedPacket {
  unsigned interface = 0;  ///< index
  MacAddress from;
  Bytes bytes;  ///< from the IPv4 header on
};

class PacketTap {
 public:
  explicit PacketTap(std::uint16_t udp_port);
  /// Readable when something was heard.
  int fd() const { return fd_.get(); }
  /// Some of what waits: call again while the descriptor is readable.
  std::vector<TappedPacket> receive();

 private:
  UniqueFd fd_;
};

}  // namespace slipway::net
