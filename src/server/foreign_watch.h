// SPDX-License-Identifier: MPL-2.0
// Listens for the answers of other DHCP servers on the links we serve, asks for them, and tells the operator.
// What is heard and what follows from it is dhcp::ForeignServers' to decide; this joins it with the sockets,
// the time, the log and the timeline. Thread: control. The constructor opens the sockets and throws
// StartupError; nothing later makes it fail.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/metrics.h"
#include "base/random.h"
#include "dhcp/foreign_servers.h"
#include "model/plan.h"
#include "net/interfaces.h"
#include "net/packet_tap.h"
#include "net/raw_sender.h"
#include "net/reactor.h"
#include "server/log.h"
#include "timeline/event.h"

namespace slipway::server {

class ForeignWatch {
 public:
  struct Parts {
    net::Reactor& reactor;
    Metrics& metrics;
    Log log;
    std::function<void(timeline::Event&&)> record;
    const std::vector<net::Interface>& interfaces;  ///< those of now
    std::function<void()> settled;                  ///< a link that was looked at is not any more
  };
  explicit ForeignWatch(Parts parts);

  /// Which links there are, and what the plan makes of other servers there.
  void serve(const model::Plan& plan);
  void look_again();

  const dhcp::ForeignServers& servers() const { return servers_; }
  /// A question of ours that a relay brought back.
  bool is_ours(const wire::DhcpMessage& message, const std::string& interface) const;

 private:
  void hear();
  void look();
  void ask(const std::string& name);
  void broadcast(const net::Interface& interface, Ipv4 from, const wire::DhcpMessage& message);
  bool is_own(const dhcp::Sighting& sighting) const;
  void tell(const dhcp::ServerNews& news);
  void after_change();

  Parts parts_;
  SystemRandom random_;
  dhcp::ForeignServers servers_;
  net::PacketTap tap_;
  net::RawSender raw_;
  Counter& known_;
  net::Timer timer_;
  net::Watch watch_;
};

}  // namespace slipway::server
