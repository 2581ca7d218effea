// SPDX-License-Identifier: MPL-2.0
// The load generator's UDP socket: a window arrives as one buffer where the kernel keeps it together
// (UDP_GRO), so that what is measured is the server and not the generator. Not for servers. One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/address.h"
#include "base/bytes.h"
#include "base/unique_fd.h"

namespace slipway::bench {

class GroSocket {
 public:
  /// On a fresh port of `address`. Throws StartupError.
  explicit GroSocket(Ipv4 address);

  /// Calls `take(packet, from)` for each packet that waits; false when the peer has closed its port.
  bool receive(const std::function<void(ByteView packet, Endpoint from)>& take);
  void send(Endpoint to, ByteView packet);
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

}  // namespace slipway::bench
