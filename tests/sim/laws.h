// SPDX-License-Identifier: MPL-2.0
// What must hold whatever the network, the crashes, the clock and the operator do. Clients and server report
// to it; a breach is a test failure with the instant and the parties.
//
//   1. No address is used by two clients at once, and the store gives none away that somebody holds.
//   2. No ACK and no BOOTP reply is sent without a durable lease of that client behind it.
//   3. No lease is lost: what a client holds, the store holds for it; and it is not told NAK, unless by a
//      plan that gives its address away.
//   4. A machine has one address from ROM to operating system, as long as it may keep it.
//   5. Every packet ends in one of three doors or dies unheard with its server, and every claim is settled or
//      dies so, too. An OFFER that waits for the wire is said, superseded, decided anew, or dies.
//   6. An address that somebody without a lease was found to use, or that was declined, is offered to nobody.
//   7. Nothing grows beyond its bound (SimServer::check_bounds).
//
// A clock that jumps forward ends leases before their clients think so; from then on they are not theirs. One
// that jumps at all makes a late copy of a request in one round look like a machine that boots again.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dhcp/verdict.h"
#include "lease/lease.h"
#include "sim/plans.h"
#include "sim/scheduler.h"
#include "store/memory_store.h"

namespace slipway::sim {

class Laws {
 public:
  Laws(const Scheduler& scheduler, const Plans& plans, std::shared_ptr<const store::MemoryStore::Rows> rows)
      : scheduler_(scheduler), plans_(plans), rows_(std::move(rows)) {}

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
  /// By the server, or by a client's DECLINE.
  void quarantined(Ipv4 address);
  void clock_jumped(Duration by);
  /// Who holds what a batch of changes is about; law 1 compares it with what the store made of it.
  using Holders = std::vector<std::optional<lease::Lease>>;
  Holders before_commit(std::span<const lease::Change> changes) const;
  void after_commit(std::span<const lease::Change> changes, const Holders& before);

  // From the wire.
  void squats(Ipv4 address) { squatters_.insert(address); }
  bool is_squatted(Ipv4 address) const { return squatters_.contains(address); }
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
    std::uint64_t taken_away = 0;  ///< NAKs to clients whose address another plan gave away
    /// Offered while a squatter has it, to one who never got it in one round: the wire did not tell.
    std::uint64_t offered_in_use = 0;
    std::unordered_map<std::string, std::uint64_t> drops;
  } tally;
  std::size_t in_use() const;
  std::size_t quarantined() const { return quarantined_.size(); }
  std::size_t squatters() const { return squatters_.size(); }

 private:
  struct Use {
    MacAddress client;
    Instant until;
  };
  std::string at() const;
  Instant servers_now() const { return scheduler_.now() + ahead_; }
  /// By the true clock, as the server will have it.
  Instant end_of(const lease::Lease& lease) const {
    return lease.expires == lease::forever ? lease.expires : lease.expires - ahead_;
  }
  void cut_short(Ipv4 address, Use& use) const;
  void check_row(Ipv4 address, const Use& use) const;
  const lease::Lease* row_of(const MacAddress& client, Ipv4 address) const;
  bool jumped_forward_within(Duration span) const { return scheduler_.now() < last_jump_ + span; }

  const Scheduler& scheduler_;
  const Plans& plans_;
  std::shared_ptr<const store::MemoryStore::Rows> rows_;
  std::unordered_map<Ipv4, Use> uses_;
  std::set<Ipv4> squatters_;
  std::unordered_map<Ipv4, Instant> quarantined_;  // until when at least, by the server's clock
  Duration ahead_{};                               // the server's clock, of the true time
  Instant last_jump_;                              // forward
  Instant last_set_;                               // forward or back
};

}  // namespace slipway::sim
