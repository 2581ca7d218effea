// SPDX-License-Identifier: MPL-2.0
// The machines' DHCP on the wire: one socket for all of them, port 67 of a relay agent, or port 68 of one
// interface, by broadcast. What the socket does not take at once waits, in order. It decides nothing.
// Reactor's thread. Binding throws StartupError.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "net/reactor.h"
#include "net/udp_socket.h"
#include "storm/troubles.h"
#include "wire/dhcp_message.h"

namespace slipway::storm {

struct DhcpPlace {
  Ipv4 relay;             ///< our address as relay agent; any: the machines are on the interface itself
  Ipv4 server;            ///< of a relay: who is asked. Otherwise: whose answers count; any: everybody's
  std::string interface;  ///< may be empty for a relay
};

class DhcpWire {
 public:
  using OnMessage = std::function<void(const wire::DhcpMessage&)>;
  DhcpWire(net::Reactor& reactor, const DhcpPlace& place, Troubles& troubles, OnMessage on_message);

  void send(const wire::DhcpMessage& message);
  /// From the address of the machine itself to the server: a RELEASE.
  void send_from(const wire::DhcpMessage& message, Ipv4 server);

  std::uint64_t unreadable() const { return unreadable_; }  ///< datagrams that are no DHCP message

 private:
  void post(Endpoint to, const wire::DhcpMessage& message);
  void drain();
  void receive();

  DhcpPlace place_;
  Troubles& troubles_;
  OnMessage on_message_;
  net::UdpSocket socket_;
  net::DatagramBuffer buffer_;
  std::deque<std::pair<Endpoint, Bytes>> waiting_;
  std::uint64_t unreadable_ = 0;
  net::Watch watch_;  // after socket_
};

}  // namespace slipway::storm
