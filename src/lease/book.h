// SPDX-License-Identifier: MPL-2.0
// All leases in memory, found by address, by client and by age, with what is only in the air: offers and
// claims on their way to the store. It records; which address a client gets is the Allocator's
// judgement, who holds it the store's. Every step costs O(log n) at most: nothing here walks
// over all leases except `load`, `set_rules` and `list`.
// Thread: control. Knows no clock: `now` is an argument, and time only takes effect through it.
#pragma once

#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/flat_map.h"
#include "lease/address_set.h"
#include "lease/age_index.h"
#include "lease/asker.h"
#include "lease/change.h"
#include "lease/in_flight.h"
#include "lease/offers.h"
#include "lease/rules.h"

namespace slipway::lease {

class Book {
 public:
  explicit Book(Rules rules = {}) { set_rules(std::move(rules), Instant()); }

  /// Other reservations, exclusions and pools from now on; leases stay as they are.
  void set_rules(Rules rules, Instant now);
  /// What the store gave at the start; replaces everything.
  void load(std::vector<Lease> leases, Instant now);

  /// Whatever is known of this address: a running lease, one that ended, a quarantine.
  const Lease* at(Ipv4 address) const;
  /// The client's lease, running or former, in one of these networks.
  const Lease* of(const ClientKey& client, std::span<const Space> spaces) const;
  /// Every lease of the client, anywhere.
  std::vector<const Lease*> all_of(const ClientKey& client) const;
  /// Every lease of whoever has this hardware address or client id, whichever it is held under. Complete
  /// where the rules say `every_name`.
  std::vector<const Lease*> all_named(const ClientKey& name) const;
  /// To whom the address is offered, or null.
  const ClientKey* offered_to(Ipv4 address) const { return offers_.at(address); }
  /// All that is known, ascending by address: for people and programs, not for the packet path.
  std::vector<Lease> list() const;
  std::size_t size() const { return records_.size(); }
  std::size_t offers() const { return offers_.size(); }
  std::size_t in_flight() const { return in_flight_.size(); }
  /// More than a few addresses, and more than an eighth of all pools, are recorded as declined.
  bool quarantine_is_crowded() const;

  /// The store's answer to a change the allocator made. A change that never reached the store (its
  /// queue was full) is settled with Outcome::failed. Every change is settled exactly once.
  void settle(const Change& change, const Outcome& outcome, Instant now);

  /// Lets time pass: ends offers and leases whose time is over, a bounded number at a time, so that a
  /// rack whose leases end together delays nobody. Says whether more is due.
  bool pass_time(Instant now);

 private:
  friend class Allocator;

  struct Record {
    Lease lease;
    std::optional<Instant> due;  // when the queue looks at this address again
    bool idle = false;           // in idle_, under lease.expires
  };
  struct Due {
    Instant at;
    Ipv4 address;
    bool operator>(const Due& other) const { return at > other.at; }
  };

  void begin(const Change& change, Instant now);
  void put(Lease lease);  ///< whoever calls it reindexes the address
  void erase(Ipv4 address);
  void index_client(const Lease& lease);
  void unindex_client(const Lease& lease);
  void reindex(Ipv4 address, Instant now);
  void watch(Record& record);
  void make_offer(const ClientKey& client, Ipv4 address, Instant until, Instant now);
  std::uint64_t addresses_in_pools() const;
  bool is_barred(Ipv4 address) const { return excluded_.contains(address) || reserved_.contains(address); }

  Record* find(Ipv4 address) const;

  FlatMap<Ipv4, std::unique_ptr<Record>> records_;  // a record stays where it is: leases are pointed to
  std::unordered_multimap<ClientKey, Ipv4> by_client_, by_other_name_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // lazy: an entry may come too early
  AgeIndex idle_;     // recorded, but nobody holds, is offered or claims it: longest unused first
  AddressSet taken_;  // recorded, offered, claimed or barred: not for "the lowest free"
  Offers offers_;
  InFlight in_flight_;
  AddressSet reserved_, excluded_;
  std::size_t declined_ = 0;  // records in that state
  Rules rules_;
};

}  // namespace slipway::lease
