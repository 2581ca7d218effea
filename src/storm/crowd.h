// SPDX-License-Identifier: MPL-2.0
// The machines of a storm and what connects them to the world: messages out and to whom they belong, files
// by TFTP and HTTP, timers. Who does what next is walk/machine.h's; here nothing is decided but whose turn
// it is. One reactor, one thread. Throws StartupError where it cannot bind.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "storm/dhcp_wire.h"
#include "storm/http_channel.h"
#include "storm/order.h"
#include "storm/own_addresses.h"
#include "storm/tftp_fetch.h"
#include "walk/machine.h"

namespace slipway::storm {

class Crowd {
 public:
  Crowd(net::Reactor& reactor, const Order& order);

  /// Switches them on; `over` is called when the last of them has ended.
  void begin(std::function<void()> over);
  /// Ends who is still under way: "time was up".
  void stop(const std::string& why);
  /// Gives the leases back.
  void release();

  std::uint32_t size() const { return static_cast<std::uint32_t>(seats_.size()); }
  std::uint32_t over() const { return over_count_; }
  const walk::Machine& machine(std::uint32_t number) const { return seats_[number]->machine; }
  const walk::Route& route(std::uint32_t number) const;
  std::uint64_t bytes() const { return bytes_; }  ///< of content, so far
  std::uint64_t unreadable() const { return wire_.unreadable(); }
  const Troubles& troubles() const { return troubles_; }
  Tick begun() const { return begun_; }

 private:
  struct Seat {
    Seat(net::Reactor& reactor, const walk::Route& route, const walk::Identity& who, std::uint32_t turn,
         bool eager, std::function<void()> tick)
        : machine(route, who, turn, eager), timer(reactor, std::move(tick)) {}
    walk::Machine machine;
    net::Timer timer;
    std::unique_ptr<TftpFetch> tftp;
    std::unique_ptr<HttpChannel> http;
    bool on = false;
    bool over = false;
  };

  void tick(std::uint32_t number);
  void hear(const wire::DhcpMessage& message);
  void serve(std::uint32_t number);
  void fetch(std::uint32_t number, const walk::Fetch& fetch);
  void fetched(std::uint32_t number, const walk::FetchEnd& end);
  bool take_address(Seat& seat, Ipv4& source);
  void leave(Seat& seat);

  net::Reactor& reactor_;
  Order order_;
  std::uint32_t turn_;  ///< sets this run's transaction ids apart from the last one's
  Troubles troubles_;
  DhcpWire wire_;
  std::unique_ptr<OwnAddresses> addresses_;
  net::DatagramBuffer buffer_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::function<void()> over_;
  std::uint32_t over_count_ = 0;
  std::uint64_t bytes_ = 0;
  Tick begun_{};
};

}  // namespace slipway::storm
