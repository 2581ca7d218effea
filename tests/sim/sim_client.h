// SPDX-License-Identifier: MPL-2.0
// A client as RFC 2131 §4.4 has it, and as machines are: it boots ROM, iPXE and operating system one after
// another, each with another client identifier, some by BOOTP and some by rapid commit; it is switched off
// without a word, comes back with or without its memory, gives its address back or finds it in use.
#pragma once

#include <functional>
#include <optional>

#include "base/random.h"
#include "dhcp/destination.h"
#include "sim/laws.h"
#include "sim/scheduler.h"
#include "wire/dhcp_message.h"

namespace slipway::sim {

class SimClient {
 public:
  enum class State { off, selecting, requesting, rebooting, bound, renewing, rebinding };
  /// A message and where it goes: null for a broadcast, or the server's address.
  using Send = std::function<void(const wire::DhcpMessage&, std::optional<Ipv4> to)>;

  SimClient(Scheduler& scheduler, Random& random, Laws& laws, MacAddress mac, Send send)
      : scheduler_(scheduler), random_(random), laws_(laws), mac_(mac), send_(std::move(send)) {}

  void switch_on();
  /// From now on it stays up and keeps what it has.
  void calm_down() { calm_ = true; }
  void receive(const wire::DhcpMessage& reply);

  const MacAddress& mac() const { return mac_; }
  bool is_bound() const { return state_ >= State::bound; }
  /// A frame or datagram to this address reaches it.
  bool answers_to(Ipv4 address) const { return is_bound() && address == address_; }

 private:
  enum class Program { rom, ipxe, system };

  wire::DhcpMessage message(wire::MessageType type);
  void dress(wire::DhcpMessage& message) const;
  void start_next_program();
  void discover();
  void request();
  void reboot_with_memory();
  void renew();
  void bind(const wire::DhcpMessage& ack);
  void bind_for_ever(const wire::DhcpMessage& reply);
  void check_is_the_same(Ipv4 offered);
  void live_on();
  void release();
  void decline();
  void lose_power();
  void stop_using();
  void rest_then(void (SimClient::*next)());
  /// Leaves every timer behind and starts a new transaction.
  void enter(State state);
  void retry(Duration wait, void (SimClient::*again)());
  /// Some ROMs know BOOTP alone, and some systems take an address in one round (RFC 4039).
  bool speaks_bootp() const { return program_ == Program::rom && mac_.bytes[5] % 5 == 0; }
  bool is_in_a_hurry() const { return program_ == Program::system && mac_.bytes[5] % 3 == 0; }
  bool happens(unsigned percent) { return random_.below(100) < percent; }
  Duration seconds_up_to(std::uint64_t most) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(random_.below(most * 1000))};
  }

  Scheduler& scheduler_;
  Random& random_;
  Laws& laws_;
  MacAddress mac_;
  Send send_;

  State state_ = State::off;
  Program program_ = Program::rom;
  std::uint64_t era_ = 0;  // timers of an earlier one mean nothing
  std::uint32_t xid_ = 0;
  int tries_ = 0;
  Instant asked_;  // first message of this kind: the lease counts from here (RFC 2131 §4.4.1, RFC 4039 §3.1)
  Ipv4 address_, server_;
  std::optional<Ipv4> former_;  // what the program before this one had
  Instant renew_at_, rebind_at_, ends_;
  bool calm_ = false;
};

}  // namespace slipway::sim
