// SPDX-License-Identifier: MPL-2.0
// Asks the wire on behalf of OFFERs: owns the sockets for ARP and ICMP and the time that a question has, and
// hands each OFFER back once, to be said or because somebody uses its address. What is asked and what an
// answer means is dhcp::Probes' to decide. Every probe is counted by how it ended, every one left out by why.
// Thread: control. The constructor opens the sockets and throws StartupError; nothing later makes it fail.
#pragma once

#include <array>
#include <functional>
#include <span>

#include "base/metrics.h"
#include "base/random.h"
#include "dhcp/probes.h"
#include "net/arp.h"
#include "net/icmp.h"
#include "net/interfaces.h"
#include "net/reactor.h"
#include "server/log.h"

namespace slipway::server {

class Prober {
 public:
  struct Parts {
    net::Reactor& reactor;
    Metrics& metrics;
    Log log;
    const std::vector<net::Interface>& interfaces;  ///< those of now
    std::function<void(dhcp::Pending)> say;
    /// The station that answered, where the wire tells.
    std::function<void(dhcp::Pending, std::optional<MacAddress> by)> in_use;
    std::function<void(dhcp::Pending)> superseded;
    std::function<void()> done;  ///< of all that a turn brought
  };
  explicit Prober(Parts parts);

  /// An OFFER with a probe: said at once, or when the wire was silent for long enough.
  void offer(dhcp::Pending pending);

 private:
  bool ask(const dhcp::Probe& probe);
  void hear_arp();
  void hear_echoes();
  void heard(Ipv4 address, unsigned interface, std::optional<MacAddress> by);
  void look();
  void set_timer();

  Parts parts_;
  SystemRandom random_;
  dhcp::Probes probes_;
  net::ArpSocket arp_;
  net::EchoSocket echo_;
  std::array<Counter*, dhcp::unasked_count> unasked_{};
  Counter& silent_;
  Counter& in_use_;
  Counter& disbelieved_;
  Counter& under_way_;
  net::Timer timer_;
  net::Watch arp_watch_, echo_watch_;
};

}  // namespace slipway::server
