// SPDX-License-Identifier: MPL-2.0
#include "lease/allocator.h"

#include <algorithm>
#include <array>

namespace slipway::lease {
namespace {

Offer offer_in(const Asker& asker, std::size_t space, Ipv4 address, Source source) {
  return {address, space, source, asker.spaces[space].lease_time};
}

std::optional<std::size_t> space_of(const Asker& asker, Ipv4 address) {
  for (std::size_t i = 0; i < asker.spaces.size(); ++i) {
    if (asker.spaces[i].network.contains(address)) return i;
  }
  return std::nullopt;
}

bool in_pools(const Space& space, Ipv4 address) {
  return std::any_of(space.ranges.begin(), space.ranges.end(),
                     [&](const model::AddressRange& range) { return range.contains(address); });
}

using Ranges = std::span<const model::AddressRange>;

std::optional<Ipv4> first_absent(const AddressSet& taken, Ranges ranges) {
  for (const model::AddressRange& range : ranges) {
    if (auto address = taken.first_absent(range)) return address;
  }
  return std::nullopt;
}

/// Upwards from an address that the client alone determines, and around the end: several servers that share
/// a store seldom reach for the same one.
std::optional<Ipv4> first_absent_from_hash(const AddressSet& taken, const ClientKey& client, Ranges ranges) {
  std::uint64_t size = 0;
  for (const model::AddressRange& range : ranges) size += range.size();
  if (size == 0) return std::nullopt;
  std::uint64_t from = client.stable_hash() % size;
  std::size_t at = 0;
  while (from >= ranges[at].size()) from -= ranges[at++].size();

  model::AddressRange upper = ranges[at];
  upper.first.value += static_cast<std::uint32_t>(from);
  if (auto address = taken.first_absent(upper)) return address;
  if (auto address = first_absent(taken, ranges.subspan(at + 1))) return address;
  return first_absent(taken, ranges.first(at + 1));
}

}  // namespace

std::string_view to_string(Refusal refusal) {
  constexpr std::array<std::string_view, 10> names{
      "none_free",          "wrong_network",        "outside_pools",      "excluded",
      "held_by_another",    "reserved_for_another", "reserved_elsewhere", "quarantined",
      "claimed_by_another", "claim_in_flight"};
  return names[static_cast<std::size_t>(refusal)];
}

std::string_view to_string(Source source) {
  constexpr std::array<std::string_view, 8> names{"reservation", "current", "former", "offered before",
                                                  "wish",        "fresh",   "reused", "offered to another"};
  return names[static_cast<std::size_t>(source)];
}

Result<Offer, Refusal> Allocator::offer(const Asker& asker, Instant now) {
  bool more_due = book_.pass_time(now);
  Choice choice = reserved_choice(asker, now);
  if (!choice) choice = own_choice(asker, now);
  if (!choice) choice = wished_choice(asker, now);
  if (!choice) choice = fresh_choice(asker);
  if (!choice) choice = reused_choice(asker, now);
  while (!choice && more_due) {
    more_due = book_.pass_time(now);
    choice = reused_choice(asker, now);
  }
  if (!choice) choice = offered_choice(asker);
  if (!choice) return Refusal::none_free;
  // What is leased or reserved is kept from others anyway, and must not be taken for a mere offer.
  if (choice->source != Source::current && choice->source != Source::reservation) {
    book_.make_offer(asker.client, choice->address, now + times_.offer_held, now);
  }
  return *choice;
}

Allocator::Choice Allocator::reserved_choice(const Asker& asker, Instant now) const {
  for (std::size_t i = 0; i < asker.spaces.size(); ++i) {
    auto address = asker.spaces[i].reserved;
    if (!address || obstacle(asker, asker.spaces[i], *address, now)) continue;
    bool current = has(asker.client, *address, now);
    return offer_in(asker, i, *address, current ? Source::current : Source::reservation);
  }
  return std::nullopt;
}

Allocator::Choice Allocator::own_choice(const Asker& asker, Instant now) const {
  auto choose = [&](std::optional<Ipv4> address, Source source) -> Choice {
    auto space = address ? space_of(asker, *address) : std::nullopt;
    if (!space || obstacle(asker, asker.spaces[*space], *address, now)) return std::nullopt;
    return offer_in(asker, *space, *address, source);
  };
  if (Choice claimed = choose(book_.in_flight_.claim_of(asker.client), Source::current)) return claimed;

  const Lease* lease = book_.of(asker.client, asker.spaces);
  if (lease && lease->runs(now)) {
    if (Choice current = choose(lease->address, Source::current)) return current;
  }
  if (Choice offered = choose(book_.offers_.of(asker.client), Source::offered_before)) return offered;
  if (!lease || offered_to_another(asker, lease->address)) return std::nullopt;
  return choose(lease->address, Source::former);
}

Allocator::Choice Allocator::wished_choice(const Asker& asker, Instant now) const {
  if (!asker.requested || offered_to_another(asker, *asker.requested)) return std::nullopt;
  auto space = space_of(asker, *asker.requested);
  if (!space || obstacle(asker, asker.spaces[*space], *asker.requested, now)) return std::nullopt;
  return offer_in(asker, *space, *asker.requested, Source::wish);
}

Allocator::Choice Allocator::fresh_choice(const Asker& asker) const {
  for (std::size_t i = 0; i < asker.spaces.size(); ++i) {
    const Space& space = asker.spaces[i];
    auto address = space.hashed ? first_absent_from_hash(book_.taken_, asker.client, space.ranges)
                                : first_absent(book_.taken_, space.ranges);
    if (address) return offer_in(asker, i, *address, Source::fresh);
  }
  return std::nullopt;
}

Allocator::Choice Allocator::reused_choice(const Asker& asker, Instant now) const {
  Choice longest_unused;
  for (std::size_t i = 0; i < asker.spaces.size(); ++i) {
    for (const model::AddressRange& range : asker.spaces[i].ranges) {
      auto address = book_.idle_.oldest(range);
      if (!address || book_.at(*address)->holds(now)) continue;  // it does if the clock was set back
      bool older =
          !longest_unused || book_.at(*address)->expires < book_.at(longest_unused->address)->expires;
      if (older) longest_unused = offer_in(asker, i, *address, Source::reused);
    }
  }
  return longest_unused;
}

Allocator::Choice Allocator::offered_choice(const Asker& asker) const {
  for (std::size_t i = 0; i < asker.spaces.size(); ++i) {
    for (const model::AddressRange& range : asker.spaces[i].ranges) {
      auto address = book_.offers_.oldest(range);
      if (address) return offer_in(asker, i, *address, Source::offered_to_another);
    }
  }
  return std::nullopt;
}

bool Allocator::has(const ClientKey& client, Ipv4 address, Instant now) const {
  const Lease* lease = book_.at(address);
  bool leased = lease && lease->client == client && lease->runs(now);
  return leased || book_.in_flight_.claim_of(client) == address;
}

bool Allocator::offered_to_another(const Asker& asker, Ipv4 address) const {
  const ClientKey* client = book_.offers_.at(address);
  return client && *client != asker.client;
}

std::optional<Refusal> Allocator::obstacle(const Asker& asker, const Space& space, Ipv4 address,
                                           Instant now) const {
  if (book_.excluded_.contains(address)) return Refusal::excluded;
  if (space.reserved != address) {
    if (book_.reserved_.contains(address)) return Refusal::reserved_for_another;
    if (!in_pools(space, address)) return Refusal::outside_pools;
  }
  const Lease* lease = book_.at(address);
  if (lease && lease->holds(now) && lease->client != asker.client) {
    return lease->state == State::declined ? Refusal::quarantined : Refusal::held_by_another;
  }
  const ClientKey* claimant = book_.in_flight_.claimant(address);
  if (claimant && *claimant != asker.client) return Refusal::claimed_by_another;
  return std::nullopt;
}

Result<Offer, Refusal> Allocator::may_have(const Asker& asker, Ipv4 address, Instant now) {
  book_.pass_time(now);
  auto space = space_of(asker, address);
  if (!space) return Refusal::wrong_network;
  if (auto refusal = obstacle(asker, asker.spaces[*space], address, now)) return *refusal;
  auto claimed = book_.in_flight_.claim_of(asker.client);
  if (claimed && *claimed != address) return Refusal::claim_in_flight;
  Choice reserved = reserved_choice(asker, now);
  if (reserved && reserved->address != address) return Refusal::reserved_elsewhere;

  const Lease* lease = book_.at(address);
  if (has(asker.client, address, now)) return offer_in(asker, *space, address, Source::current);
  if (!lease) return offer_in(asker, *space, address, Source::fresh);
  bool own = lease->client == asker.client;
  return offer_in(asker, *space, address, own ? Source::former : Source::reused);
}

Result<Change, Refusal> Allocator::claim(const Asker& asker, Ipv4 address, Instant now) {
  auto allowed = may_have(asker, address, now);
  if (!allowed) return allowed.error();
  const Space& space = asker.spaces[allowed->space];
  const Lease* former = book_.of(asker.client, asker.spaces);

  Change change;
  change.kind = Change::Kind::grant;
  change.by = asker.client;
  if (former && former->address != address) change.frees = former->address;
  Lease& lease = change.lease;
  lease.address = address;
  lease.client = asker.client;
  lease.mac = asker.mac;
  lease.client_id = asker.client_id;
  lease.relay = asker.relay;
  // A boot loader that says no name does not take away the one the operating system gave.
  lease.hostname = asker.hostname.empty() && former ? former->hostname : asker.hostname;
  lease.subnet = space.network;
  lease.granted = now;
  lease.expires = space.for_ever ? forever : now + space.lease_time;
  book_.begin(change, now);
  return change;
}

Result<Change, Refusal> Allocator::adopt(const Asker& asker, Lease lease, Instant now) {
  auto allowed = may_have(asker, lease.address, now);
  if (!allowed) return allowed.error();
  auto kind = lease.state == State::declined ? Change::Kind::decline : Change::Kind::grant;
  Change change{.kind = kind, .lease = std::move(lease), .by = asker.client, .frees = {}};
  book_.begin(change, now);
  return change;
}

std::optional<Change> Allocator::release(Ipv4 address, const ClientKey& client, Instant now) {
  return give_up(Change::Kind::release, address, client, now);
}

std::optional<Change> Allocator::decline(Ipv4 address, const ClientKey& client, Instant now) {
  return give_up(Change::Kind::decline, address, client, now);
}

std::optional<Change> Allocator::quarantine(Ipv4 address, const Prefix& subnet, const MacAddress& by,
                                            Instant now) {
  book_.pass_time(now);
  const Lease* known = book_.at(address);
  if (known && known->holds(now)) return std::nullopt;
  Lease lease;
  lease.address = address;
  lease.mac = by;
  lease.subnet = subnet;
  return change_of(Change::Kind::decline, lease, now);
}

std::optional<Change> Allocator::forget(Ipv4 address, Instant now) {
  const Lease* lease = book_.at(address);
  if (!lease) return std::nullopt;
  return change_of(Change::Kind::forget, *lease, now);
}

std::optional<Change> Allocator::give_up(Change::Kind kind, Ipv4 address, const ClientKey& client,
                                         Instant now) {
  book_.pass_time(now);
  const Lease* lease = book_.at(address);
  if (!lease || lease->client != client || !lease->runs(now)) return std::nullopt;
  return change_of(kind, *lease, now);
}

std::optional<Change> Allocator::change_of(Change::Kind kind, const Lease& lease, Instant now) {
  const ClientKey* claimant = book_.in_flight_.claimant(lease.address);
  if (claimant && *claimant != lease.client) return std::nullopt;
  auto claimed = book_.in_flight_.claim_of(lease.client);
  if (claimed && *claimed != lease.address) return std::nullopt;

  Change change{.kind = kind, .lease = lease, .by = lease.client};
  change.lease.granted = now;
  if (kind == Change::Kind::release) {
    change.lease.state = State::released;
    change.lease.expires = now;
  } else if (kind == Change::Kind::decline) {
    change.lease.state = State::declined;
    change.lease.client = ClientKey();
    change.lease.expires =
        now + (book_.quarantine_is_crowded() ? times_.short_quarantine : times_.quarantine);
  }
  book_.begin(change, now);
  return change;
}

}  // namespace slipway::lease
