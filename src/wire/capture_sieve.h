// SPDX-License-Identifier: MPL-2.0
// Tells the packets of DHCP and TFTP from all others of a capture, in the order they come: a TFTP transfer
// leaves port 69 after its first packet, so the endpoints that asked there are remembered, a bounded number.
#pragma once

#include <optional>
#include <set>

#include "wire/pcap.h"

namespace slipway::wire {

class CaptureSieve {
 public:
  enum class Protocol { dhcp, tftp, fragment };
  struct Kept {
    Protocol protocol;
    Duration since{};  ///< the first datagram of the capture
  };

  /// Nothing for a packet that is of neither. Of a split datagram every part is kept.
  std::optional<Kept> sift(const Packet& packet);

 private:
  bool is_tftp(const Datagram& datagram);

  std::optional<Instant> began_;
  std::set<Endpoint> tftp_clients_;
};

}  // namespace slipway::wire
