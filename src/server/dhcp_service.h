// SPDX-License-Identifier: MPL-2.0
// DHCP on the control thread: datagrams in, the responder's verdict, answers out. What comes in waits in the
// intake, which says what is served next; other work of the thread gets its turn in between. A claim goes
// to the committer first; what it says leaves only when the store has spoken. Every packet is answered,
// claimed or counted under the name of its reason, and told to the timeline. The constructor binds port
// 67 on every interface and throws StartupError; later nothing a stranger sends makes it fail.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "dhcp/intake.h"
#include "dhcp/responder.h"
#include "dhcp/waiting_room.h"
#include "lease/book.h"
#include "net/interfaces.h"
#include "net/reactor.h"
#include "server/dhcp_sockets.h"
#include "server/foreign_watch.h"
#include "server/known_clients.h"
#include "server/log.h"
#include "server/prober.h"
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
    std::function<void(timeline::Event&&)> record;
    std::function<void(const MacAddress&, std::string_view name)> call;  ///< known by more than its address
  };

  DhcpService(Parts parts, std::shared_ptr<const model::Plan> plan, std::vector<net::Interface> interfaces);

  void publish(std::shared_ptr<const model::Plan> plan);
  /// Links or addresses changed: new ones are served, those that went are closed.
  void use(std::vector<net::Interface> interfaces);

  /// The operator wants to know now which other servers are there.
  void look_for_servers() { watch_.look_again(); }
  const dhcp::ForeignServers& other_servers() const { return watch_.servers(); }

  /// The operator takes an address back: durable like any other change.
  bool forget(Ipv4 address);
  using Told = std::function<void(const lease::Outcome&)>;
  /// A change that no packet asked for. `then` hears what the store said, once the book knows; it is never
  /// called where this is false: the queue was full and nothing changes.
  bool change(lease::Change change, Told then);

 private:
  struct Waiting {
    Waiting(dhcp::Claim&& wanted, dhcp::Trace&& told, dhcp::Arrival from)
        : claim(std::move(wanted)), trace(std::move(told)), arrival(std::move(from)) {}
    dhcp::Claim claim;  ///< its change is on the way to the store
    dhcp::Trace trace;
    dhcp::Arrival arrival;
  };

  void open_more_ports();
  void take(const net::Datagram& datagram, dhcp::Arrival arrival);
  void serve();
  void handle(dhcp::Packet&& packet);
  void carry_out(dhcp::Handled&& handled, dhcp::Packet&& packet, Tick heard);
  void tell_company(dhcp::Arrival& arrival) const;
  void call_in();
  void say(dhcp::Pending held);
  void offer_another(dhcp::Pending pending, std::optional<MacAddress> found);
  void claim(dhcp::Claim& wanted, dhcp::Trace& trace, const dhcp::Arrival& arrival);
  std::optional<store::Ticket> post(lease::Change change);
  void settle_claims();
  void end_turn();
  void drop(const dhcp::Ignore& ignore, const dhcp::Trace& trace);
  void drop_unheard(const dhcp::Ignore& ignore, const std::optional<MacAddress>& sender);
  void discard(const dhcp::Intake::Discarded& discarded);
  void learn_address(const dhcp::Answer& reply, model::Client client);
  void answer(const dhcp::Answer& answer, const dhcp::Trace& trace, const dhcp::Arrival& arrival);
  void refresh_rules();

  Parts parts_;
  std::shared_ptr<const model::Plan> plan_;
  std::vector<net::Interface> interfaces_;
  dhcp::Responder responder_;
  DhcpSockets sockets_;
  Prober prober_;
  dhcp::WaitingRoom waiting_room_;
  ForeignWatch watch_;
  dhcp::Intake intake_;
  net::Timer serve_more_;
  std::vector<timeline::Event> told_;  ///< of this turn
  std::array<Counter*, dhcp::drop_count> drops_{};
  Counter& received_;
  Counter& waiting_packets_;
  std::unordered_map<store::Ticket, Waiting> waiting_;
  std::unordered_map<store::Ticket, Told> listeners_;  // to what becomes of changes without a packet
  store::Ticket tickets_ = 0;
  net::Watch outcomes_;
};

}  // namespace slipway::server
