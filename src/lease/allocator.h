// SPDX-License-Identifier: MPL-2.0
// Which address a client gets (RFC 2131 §4.3.1, §4.3.2), in this order: its reservation, the address it
// has, was offered a moment ago, or had last, the one it wishes, the lowest free one, the longest unused
// one of another client, and when nothing else is left one that was only offered to another: an offer takes
// nothing. Reserved addresses are never others', excluded ones nobody's. It decides on the book alone;
// whether a claim holds is decided by the store. Thread: control. Refuses with a named reason; never throws.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "lease/asker.h"
#include "lease/book.h"
#include "lease/change.h"

namespace slipway::lease {

/// Why a client does not get an address, or not this one.
enum class Refusal {
  none_free,             ///< every address is held, reserved for others or in quarantine
  wrong_network,         ///< in none of the networks the client can be in
  outside_pools,         ///< in the network, but in no pool of this client and not its reservation
  excluded,              ///< our own, a router's, a relay's, the network or broadcast address
  held_by_another,       ///< another client's lease runs
  reserved_for_another,  ///< reserved, and not for this client
  reserved_elsewhere,    ///< this client has another address reserved, and can have it
  quarantined,           ///< declined a while ago
  claimed_by_another,    ///< another client's claim is on its way to the store
  claim_in_flight,       ///< this client's claim of another address is on its way to the store
};
std::string_view to_string(Refusal refusal);

/// Where an offered address comes from; a fresh or reused one deserves a probe before it is offered.
enum class Source { reservation, current, former, offered_before, wish, fresh, reused, offered_to_another };
std::string_view to_string(Source source);

struct Offer {
  Ipv4 address;
  std::size_t space = 0;  ///< index into Asker::spaces: whose mask, routers and options go with it
  Source source = Source::fresh;
  std::chrono::seconds lease_time{0};  ///< of that space
};

class Allocator {
 public:
  struct Times {
    /// Longer than any ROM waits between DISCOVER and REQUEST; costs nothing, an offer takes nothing.
    std::chrono::seconds offer_held{30};
    std::chrono::seconds quarantine{24 * 3600};
    /// When so many addresses are in quarantine that somebody seems to want it so: it heals by itself.
    std::chrono::seconds short_quarantine{600};
  };
  explicit Allocator(Book& book) : Allocator(book, Times()) {}
  Allocator(Book& book, Times times) : book_(book), times_(times) {}

  /// DISCOVER: an address for this client, noted as offered to it for a short while.
  Result<Offer, Refusal> offer(const Asker& asker, Instant now);

  /// May this client have this address now? As `claim`, but nothing is noted.
  Result<Offer, Refusal> may_have(const Asker& asker, Ipv4 address, Instant now);

  /// REQUEST, rapid commit, BOOTP: the change to send to the store. The address is nobody else's until it is
  /// settled with `Book::settle`. The client's former address in the same spaces goes free with it.
  Result<Change, Refusal> claim(const Asker& asker, Ipv4 address, Instant now);

  /// A lease that another server gave, as it stands: taken over where this client may have the address. One
  /// that is declined is nobody's; of nobody's there may be many at once.
  Result<Change, Refusal> adopt(const Asker& asker, Lease lease, Instant now);

  /// RELEASE: nothing unless this client has the address.
  std::optional<Change> release(Ipv4 address, const ClientKey& client, Instant now);
  /// DECLINE: nothing unless this client has the address.
  std::optional<Change> decline(Ipv4 address, const ClientKey& client, Instant now);
  /// Found in use by `by`, who holds no lease: kept from everyone like a declined one. Nothing where somebody
  /// has the address meanwhile.
  std::optional<Change> quarantine(Ipv4 address, const Prefix& subnet, const MacAddress& by, Instant now);
  /// The operator takes an address back or ends a quarantine: nothing unless something is known of it.
  std::optional<Change> forget(Ipv4 address, Instant now);

 private:
  using Choice = std::optional<Offer>;

  Choice reserved_choice(const Asker& asker, Instant now) const;
  Choice own_choice(const Asker& asker, Instant now) const;
  Choice wished_choice(const Asker& asker, Instant now) const;
  Choice fresh_choice(const Asker& asker) const;
  Choice reused_choice(const Asker& asker, Instant now) const;
  Choice offered_choice(const Asker& asker) const;
  bool has(const ClientKey& client, Ipv4 address, Instant now) const;
  bool offered_to_another(const Asker& asker, Ipv4 address) const;
  std::optional<Refusal> obstacle(const Asker& asker, const Space& space, Ipv4 address, Instant now) const;
  std::optional<Change> give_up(Change::Kind kind, Ipv4 address, const ClientKey& client, Instant now);
  std::optional<Change> change_of(Change::Kind kind, const Lease& lease, Instant now);

  Book& book_;
  Times times_;
};

}  // namespace slipway::lease
