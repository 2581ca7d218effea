// SPDX-License-Identifier: MPL-2.0
// What must hold whatever the network and the crashes do. Clients and server report to it; a breach is a
// test failure with the instant and the parties.
//
//   1. No address is used by two clients at once.
//   2. No ACK and no BOOTP reply is sent without a durable lease of that client behind it.
//   3. No lease is lost: what a client holds, the store holds for it; and it is never told NAK.
//   4. A machine has one address from ROM to operating system.
//   5. Every packet ends in one of three doors or dies unheard with its server, and every claim is settled or
//      dies so, too.
//      An OFFER that waits for the wire is said, superseded, decided anew, or dies like them.
//   6. An address that somebody without a lease was found to use is offered to nobody.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "dhcp/verdict.h"
#include "lease/lease.h"
#include "sim/scheduler.h"
#include "store/memory_store.h"

namespace slipway::sim {

class Laws {
 public:
  Laws(const Scheduler& scheduler, std::shared_ptr<const store::MemoryStore::Rows> rows)
      : scheduler_(scheduler), rows_(std::move(rows)) {}

  // From clients.
  void uses(const MacAddress& client, Ipv4 address, Instant until);
  void leaves(const MacAddress& client, Ipv4 address);
  void refused_while_using(const MacAddress& client, Ipv4 address);
  void lost_its_lease() { ++tally.lapsed; }
  void offered_again(const MacAddress& client, Ipv4 had, Ipv4 offered);

  // From the server.
  void received() { ++tally.received; }
  void through_door(const dhcp::Verdict& verdict);
  void speaks(const dhcp::Answer& answer);
  void died_with_server(std::size_t claims) { tally.died += claims; }
  void died_unheard(std::size_t packets) { tally.unheard += packets; }
  void settled() { ++tally.settled; }
  void quarantined(Ipv4 address) { quarantined_.insert(address); }

  // From the wire.
  void squats(Ipv4 address) { squatters_.insert(address); }
  /// Who would answer for this address.
  std::optional<MacAddress> station_at(Ipv4 address) const;

  /// Law 3 for everyone, at any time.
  void check_store() const;
  /// Law 5, when nothing is under way.
  void check_doors() const;

  struct Tally {
    std::uint64_t received = 0, ignored = 0, answered = 0, claimed = 0, settled = 0, died = 0, unheard = 0;
    std::uint64_t lapsed = 0;  ///< leases that ended while their client asked to renew them
    std::uint64_t acks = 0, naks = 0, bootp_replies = 0, at_once = 0;
    std::uint64_t offered_in_use = 0;  ///< offered to one while a squatter has it: the wire did not tell
    std::unordered_map<std::string, std::uint64_t> drops;
  } tally;
  std::size_t in_use() const;
  std::size_t quarantined() const { return quarantined_.size(); }

 private:
  struct Use {
    MacAddress client;
    Instant until;
  };
  std::string at() const;
  void check_row(Ipv4 address, const Use& use) const;

  const Scheduler& scheduler_;
  std::shared_ptr<const store::MemoryStore::Rows> rows_;
  std::unordered_map<Ipv4, Use> uses_;
  std::set<Ipv4> squatters_, quarantined_;
};

}  // namespace slipway::sim
