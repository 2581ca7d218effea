// SPDX-License-Identifier: MPL-2.0
// DHCP's sockets: port 67 on every served interface, 4011 where a subnet has another DHCP server, and the
// one for frames to machines without an address. Whole batches come in, and what is answered in one turn
// leaves together; it decides nothing. Receive buffers hold the power-on of a whole rack; what the kernel
// lost all the same is counted. `open` throws StartupError when a port cannot be had; later nothing fails:
// what cannot be sent now is kept until it can, what cannot be sent at all is counted and logged.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "dhcp/arrival.h"
#include "dhcp/verdict.h"
#include "model/plan.h"
#include "net/interfaces.h"
#include "net/raw_sender.h"
#include "net/reactor.h"
#include "net/udp_socket.h"
#include "server/log.h"
#include "server/send_queue.h"

namespace slipway::server {

class DhcpSockets {
 public:
  struct Parts {
    net::Reactor& reactor;
    Metrics& metrics;
    Log log;
    /// Hears of each datagram, `drained` after the last of a turn.
    std::function<void(const net::Datagram&, dhcp::Arrival)> take;
    std::function<void()> drained;
  };

  explicit DhcpSockets(Parts parts);

  /// Opens what the plan wants and the interfaces allow, closes the rest.
  void open(const model::Plan& plan, const std::vector<net::Interface>& interfaces);

  /// Puts an answer among those that leave with the next `flush`, through the port its request came to.
  void send(const dhcp::Answer& answer, Bytes bytes, const dhcp::Arrival& arrival);
  void flush();

 private:
  struct Port {
    net::Interface interface;  ///< as it is now; made anew under its name it has another index
    std::uint16_t number;
    net::UdpSocket socket;
    SendQueue<net::UdpSocket, net::Outgoing> letters{};
    std::uint32_t overflowed = 0;
    Tick emptied{};  ///< when nothing waited to be sent last
    net::Watch watch{};
  };

  Port* find(unsigned interface, std::uint16_t number);
  void open_port(const net::Interface& interface, std::uint16_t number);
  void check_buffer(const Port& port);
  void receive(Port& port);
  void look_for_losses(Port& port);
  dhcp::Arrival arrival_of(const net::Datagram& datagram, const Port& port) const;
  void flush(Port& port);
  void flush_frames();
  void cannot_send(const std::string& to, const std::string& why);

  Parts parts_;
  net::RawSender raw_;
  SendQueue<net::RawSender, net::RawDatagram> frames_;
  net::Watch raw_watch_;
  net::DatagramBuffer buffer_;
  std::vector<std::unique_ptr<Port>> ports_;
  Counter& sent_;
  Counter& send_failures_;
  Counter& overflows_;
};

}  // namespace slipway::server
