// SPDX-License-Identifier: MPL-2.0
// Router solicitations of IPv6 on the control thread: on the link of each subnet that says
// `no-ipv6-router` packets in, the outcome of ndp::NoRouter counted and told, answers out. Nothing here
// keeps the daemon from starting: a link that cannot be had is logged, and tried again when links change.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "base/random.h"
#include "model/plan.h"
#include "ndp/no_router.h"
#include "net/icmp6_socket.h"
#include "net/interfaces.h"
#include "net/reactor.h"
#include "server/log.h"
#include "timeline/event.h"

namespace slipway::server {

class RouterService {
 public:
  struct Parts {
    net::Reactor& reactor;
    Metrics& metrics;
    Log log;
    std::function<void(timeline::Event&&)> record;
  };
  RouterService(Parts parts, std::shared_ptr<const model::Plan> plan,
                const std::vector<net::Interface>& interfaces);

  void publish(std::shared_ptr<const model::Plan> plan, const std::vector<net::Interface>& interfaces);
  /// Links or addresses changed.
  void use(const std::vector<net::Interface>& interfaces);

 private:
  struct Link {
    Link(RouterService& service, const net::Interface& interface);
    std::string name;
    unsigned index;
    Ipv6 address;
    net::Icmp6Socket socket;
    ndp::NoRouter no_router;
    net::Watch watch;
    net::Timer timer;
  };

  bool wants(const net::Interface& interface) const;
  void open(const net::Interface& interface);
  void receive(Link& link);
  void send_due(Link& link);
  void take(Link& link, const net::Icmp6Packet& packet);

  Parts parts_;
  std::shared_ptr<const model::Plan> plan_;
  SystemRandom random_;
  std::array<Counter*, ndp::outcome_count> outcomes_{};
  Counter& sent_;
  Counter& send_failures_;
  std::vector<std::unique_ptr<Link>> links_;
};

}  // namespace slipway::server
