// SPDX-License-Identifier: MPL-2.0
// Asks a link with ARP who has an address (RFC 826, RFC 5227) and hears the answers. It decides nothing and
// keeps nothing: what was asked, how long, and what an answer means is the caller's. Answers to others'
// questions that reach this machine are heard as well. Opened before privileges are dropped, it works after.
// Opening throws StartupError; asking returns the error. One thread at a time. Where the system gives no
// frames (net/abilities.h) its descriptor is -1, nothing is heard, and asking is an error.
#pragma once

#include <optional>
#include <vector>

#include <boost/system/error_code.hpp>

#include "base/address.h"
#include "base/bytes.h"
#include "base/unique_fd.h"

namespace slipway::net {

struct ArpQuestion {
  unsigned interface = 0;    ///< index: the link that is asked
  MacAddress interface_mac;  ///< who asks
  Ipv4 from;                 ///< any(): an ARP Probe (RFC 5227 §1.1)
  Ipv4 wanted;
};

struct ArpReply {
  unsigned interface = 0;  ///< where it was heard
  Ipv4 address;
  MacAddress mac;  ///< who has it
};

/// The packet behind the Ethernet header: a request for IPv4 on Ethernet.
Bytes arp_request(const ArpQuestion& question);
/// A reply for IPv4 on Ethernet from a station that says what it has; nothing else is one.
std::optional<ArpReply> parse_arp_reply(ByteView packet);

class ArpSocket {
 public:
  ArpSocket();
  /// Readable when an answer may be there.
  int fd() const { return fd_.get(); }
  /// To everyone on the link.
  boost::system::error_code ask(const ArpQuestion& question);
  /// Some of what waits: call again while the descriptor is readable.
  std::vector<ArpReply> receive();

 private:
  UniqueFd fd_;
};

}  // namespace slipway::net
