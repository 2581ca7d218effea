// SPDX-License-Identifier: MPL-2.0
// The generator's end of the wire: one socket that all clients share, port 67 of a relay agent or port 68
// of clients without an address. Packets leave in batches; a full socket is waited for, never skipped.
// Binding throws StartupError.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "messages.h"
#include "net/udp_socket.h"

namespace slipway::bench {

struct Place {
  Ipv4 server;
  Ipv4 relay;          ///< our address as relay agent; any: clients themselves, by broadcast
  std::string device;  ///< may be empty for a relay agent
};

class WireEnd {
 public:
  explicit WireEnd(const Place& place);

  /// Room for the next packet out, which goes to everybody or, `to_server`, to the server alone.
  Packet& next(bool to_server);
  /// Sends what waits.
  void flush();

  std::span<const net::Datagram> receive() { return socket_.receive(buffer_); }
  /// Until something can be received, `most` at most.
  void wait(std::chrono::milliseconds most);

 private:
  Place place_;
  net::UdpSocket socket_;
  net::DatagramBuffer buffer_;
  std::vector<Packet> packets_;
  std::vector<net::Outgoing> outgoing_;
};

}  // namespace slipway::bench
