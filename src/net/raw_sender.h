// SPDX-License-Identifier: MPL-2.0
// Sends a UDP datagram to a machine that does not own its address yet and so cannot answer ARP
// (RFC 2131 section 4.1): a whole Ethernet frame to a MAC address, out of one interface. It never
// receives. Opened before privileges are dropped, it works after. Opening throws StartupError; sending
// tells how far it came and why not further. One thread at a time. Where the system gives no frames
// (net/abilities.h) its descriptor is -1 and every sending is an error.
#pragma once

#include <span>
#include <utility>

#include <boost/system/error_code.hpp>

#include "base/address.h"
#include "base/bytes.h"
#include "base/unique_fd.h"

namespace slipway::net {

struct RawDatagram {
  unsigned interface = 0;    ///< index
  MacAddress interface_mac;  ///< the frame's source
  MacAddress to_mac;
  Endpoint from;
  Endpoint to;
  ByteView bytes;  ///< of the payload: at most 65,507 bytes; the interface's MTU is the real limit
};

/// Ethernet II, IPv4 (RFC 791) and UDP (RFC 768) with both checksums.
Bytes ethernet_frame(const RawDatagram& datagram);

class RawSender {
 public:
  RawSender();
  /// As many as the socket takes now, in order and in as few system calls as can be; the number sent. The
  /// first error ends it and is told by `take_error` (none: the socket or the interface's queue is full).
  std::size_t send_batch(std::span<const RawDatagram> datagrams);
  /// The error met last, and forgets it.
  boost::system::error_code take_error() { return std::exchange(error_, {}); }
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  boost::system::error_code error_;
};

}  // namespace slipway::net
