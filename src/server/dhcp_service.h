// SPDX-License-Identifier: MPL-2.0
// DHCP on the control thread: datagrams in, the responder's verdict, answers out. A claim goes to the
// committer first; what it says leaves only when the store has spoken. Every packet is answered,
// claimed or counted under the name of its reason, and told to the timeline. The constructor binds port
// 67 on every interface and throws StartupError; later nothing a stranger sends makes it fail.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/metrics.h"
#include "dhcp/responder.h"
#include "lease/book.h"
#include "net/interfaces.h"
#include "net/raw_sender.h"
#include "net/reactor.h"
#include "net/udp_socket.h"
#include "server/known_clients.h"
#include "server/log.h"
#include "store/committer.h"
#include "timeline/event.h"

namespace slipway::server {

class DhcpService {
 public:
  struct Parts {
    net::Reactor& reactor;
    lease::Book& book;
    store::Committer& committer;
    KnownClients& clients;
    Metrics& metrics;
    Log log;
    std::function<void(timeline::Event)> record;
  };

  DhcpService(Parts parts, std::shared_ptr<const model::Plan> plan, std::vector<net::Interface> interfaces);

  void publish(std::shared_ptr<const model::Plan> plan);
  /// Links or addresses changed: new ones are served, those that went are closed.
  void use(std::vector<net::Interface> interfaces);

  /// The operator takes an address back: durable like any other change.
  bool forget(Ipv4 address);

 private:
  /// One port on one interface.
  struct Port {
    std::string interface;
    unsigned index;  ///< the socket is bound to it: an interface made anew under its name has another
    std::uint16_t number;
    net::UdpSocket socket;
    net::Watch watch;
  };
  struct Waiting {
    std::optional<dhcp::Claim> claim;  ///< none: the operator's own change, nobody is answered
    dhcp::Trace trace;
    std::string interface;
    std::uint16_t port = 0;
  };

  void open_ports();
  void open_more_ports();
  void receive(Port& port);
  void take(const net::Datagram& datagram, Port& port);
  void carry_out(dhcp::Verdict verdict, const dhcp::Trace& trace, const Port& port);
  void claim(dhcp::Claim claim, const dhcp::Trace& trace, const Port& port);
  void settle_claims();
  void drop(const dhcp::Ignore& ignore, const dhcp::Trace* trace);
  void answer(const dhcp::Answer& answer, const dhcp::Trace& trace, const std::string& interface,
              std::uint16_t port);
  void send(const dhcp::Answer& answer, ByteView bytes, Port& port);
  Port* find_port(const std::string& interface, std::uint16_t number);
  dhcp::Arrival arrival_of(const net::Datagram& datagram, const Port& port) const;
  void refresh_rules();

  Parts parts_;
  std::shared_ptr<const model::Plan> plan_;
  std::vector<net::Interface> interfaces_;
  dhcp::Responder responder_;
  net::RawSender raw_;
  net::DatagramBuffer buffer_;
  std::array<Counter*, dhcp::drop_count> drops_{};
  Counter& received_;
  Counter& sent_;
  Counter& send_failures_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::map<store::Ticket, Waiting> waiting_;
  store::Ticket tickets_ = 0;
  net::Watch outcomes_;
};

}  // namespace slipway::server
