// SPDX-License-Identifier: MPL-2.0
#include "lease/book.h"

#include <algorithm>

namespace slipway::lease {
namespace {

constexpr int due_per_step = 64;
constexpr std::uint64_t most_places_ahead = 65'536;

using ByName = std::unordered_multimap<ClientKey, Ipv4>;

void erase_entry(ByName& index, const ClientKey& name, Ipv4 address) {
  auto [from, to] = index.equal_range(name);
  auto entry = std::find_if(from, to, [&](const auto& known) { return known.second == address; });
  if (entry != to) index.erase(entry);
}

/// The identity that a lease is not held under. Nobody: it has none.
ClientKey other_name_of(const Lease& lease) {
  ClientKey mac = ClientKey::of_mac(lease.mac);
  if (lease.client.is_nobody()) return {};
  if (lease.client != mac) return lease.mac.is_zero() ? ClientKey() : mac;
  return lease.client_id.empty() ? ClientKey() : ClientKey::of_client_id(lease.client_id);
}

}  // namespace

void Book::set_rules(Rules rules, Instant now) {
  if (rules == rules_) return;
  for (auto& [address, record] : records_) record->idle = false;
  rules_ = std::move(rules);
  idle_.cut(rules_.pools);
  offers_.cut(rules_.pools);
  // A rack that is switched on fills its pool in seconds: the tables have their places before.
  std::size_t places = std::min<std::uint64_t>(addresses_in_pools(), most_places_ahead);
  records_.reserve(places);
  by_client_.reserve(places);
  reserved_.clear();
  excluded_.clear();
  taken_.clear();
  for (Ipv4 address : rules_.reserved) reserved_.insert(address);
  for (Ipv4 address : rules_.excluded) excluded_.insert(address);

  for (Ipv4 address : rules_.reserved) reindex(address, now);
  for (Ipv4 address : rules_.excluded) reindex(address, now);
  for (Ipv4 address : in_flight_.addresses()) reindex(address, now);
  for (Ipv4 address : offers_.addresses()) {
    if (is_barred(address)) offers_.drop(address);
    reindex(address, now);
  }
  by_client_.clear();
  by_other_name_.clear();
  for (const auto& [address, record] : records_) {
    index_client(record->lease);
    reindex(address, now);
  }
}

void Book::load(std::vector<Lease> leases, Instant now) {
  Rules rules = std::move(rules_);
  *this = Book();
  set_rules(std::move(rules), now);
  records_.reserve(leases.size());
  by_client_.reserve(leases.size());
  for (Lease& lease : leases) {
    Ipv4 address = lease.address;
    put(std::move(lease));
    reindex(address, now);
  }
}

Book::Record* Book::find(Ipv4 address) const {
  auto found = records_.find(address);
  return found == records_.end() ? nullptr : found->second.get();
}

const Lease* Book::at(Ipv4 address) const {
  const Record* record = find(address);
  return record ? &record->lease : nullptr;
}

const Lease* Book::of(const ClientKey& client, std::span<const Space> spaces) const {
  const Lease* latest = nullptr;
  auto [from, to] = by_client_.equal_range(client);
  for (auto entry = from; entry != to; ++entry) {
    auto inside = [&](const Space& space) { return space.network.contains(entry->second); };
    if (std::none_of(spaces.begin(), spaces.end(), inside)) continue;
    const Lease* lease = at(entry->second);
    if (!latest || lease->expires > latest->expires) latest = lease;
  }
  return latest;
}

std::vector<const Lease*> Book::all_of(const ClientKey& client) const {
  std::vector<const Lease*> all;
  auto [from, to] = by_client_.equal_range(client);
  for (auto entry = from; entry != to; ++entry) all.push_back(at(entry->second));
  return all;
}

std::vector<const Lease*> Book::all_named(const ClientKey& name) const {
  std::vector<const Lease*> all = all_of(name);
  auto [from, to] = by_other_name_.equal_range(name);
  for (auto entry = from; entry != to; ++entry) all.push_back(at(entry->second));
  return all;
}

std::vector<Lease> Book::list() const {
  std::vector<Lease> all;
  all.reserve(records_.size());
  for (const auto& [address, record] : records_) all.push_back(record->lease);
  std::sort(all.begin(), all.end(), [](const Lease& a, const Lease& b) { return a.address < b.address; });
  return all;
}

bool Book::quarantine_is_crowded() const {
  constexpr std::size_t a_few = 16;
  return declined_ >= a_few && declined_ >= addresses_in_pools() / 8;
}

std::uint64_t Book::addresses_in_pools() const {
  std::uint64_t addresses = 0;
  for (const model::AddressRange& pool : rules_.pools) addresses += pool.size();
  return addresses;
}

void Book::begin(const Change& change, Instant now) {
  Ipv4 address = change.lease.address;
  // A declined address is nobody's from now on, its former client's included.
  bool declined = change.kind == Change::Kind::decline;
  in_flight_.begin(address, declined ? ClientKey() : change.by);
  offers_.drop(address);
  if (auto other = offers_.of(change.by); other && change.kind == Change::Kind::grant) {
    offers_.drop(*other);
    reindex(*other, now);
  }
  reindex(address, now);
}

void Book::settle(const Change& change, const Outcome& outcome, Instant now) {
  Ipv4 address = change.lease.address;
  in_flight_.end(address);
  if (outcome.granted()) {
    if (change.frees) {
      const Lease* former = at(*change.frees);
      bool still_theirs = former && former->client == change.by;
      if (still_theirs) erase(*change.frees);
      reindex(*change.frees, now);
    }
    if (change.kind == Change::Kind::forget) {
      erase(address);
    } else {
      put(change.lease);
    }
  } else if (outcome.holder) {
    put(*outcome.holder);  // the store knows better
  }
  reindex(address, now);
}

bool Book::pass_time(Instant now) {
  for (int step = 0; step < due_per_step; ++step) {
    auto address = offers_.lapse(now);
    if (!address) break;
    reindex(*address, now);
  }
  for (int step = 0; step < due_per_step && !due_.empty() && due_.top().at <= now; ++step) {
    Due due = due_.top();
    due_.pop();
    Record* record = find(due.address);
    if (!record || record->due != due.at) continue;
    record->due.reset();
    reindex(due.address, now);
  }
  return !due_.empty() && due_.top().at <= now;
}

void Book::put(Lease lease) {
  Ipv4 address = lease.address;
  std::unique_ptr<Record>& place = records_[address];
  if (!place) place = std::make_unique<Record>();
  Record& record = *place;
  if (record.idle) idle_.erase(address, record.lease.expires);
  record.idle = false;
  bool renamed = record.lease.client != lease.client;
  renamed |= rules_.every_name && other_name_of(record.lease) != other_name_of(lease);
  if (renamed) unindex_client(record.lease);
  if (renamed) index_client(lease);
  if (record.lease.state == State::declined) --declined_;
  if (lease.state == State::declined) ++declined_;
  record.lease = std::move(lease);
}

void Book::erase(Ipv4 address) {
  auto found = records_.find(address);
  if (found == records_.end()) return;
  const Record& record = *found->second;
  if (record.idle) idle_.erase(address, record.lease.expires);
  unindex_client(record.lease);
  if (record.lease.state == State::declined) --declined_;
  records_.erase(found);
}

void Book::index_client(const Lease& lease) {
  if (!lease.client.is_nobody()) by_client_.emplace(lease.client, lease.address);
  if (!rules_.every_name) return;
  ClientKey other = other_name_of(lease);
  if (!other.is_nobody()) by_other_name_.emplace(std::move(other), lease.address);
}

void Book::unindex_client(const Lease& lease) {
  if (lease.client.is_nobody()) return;
  erase_entry(by_client_, lease.client, lease.address);
  if (rules_.every_name) erase_entry(by_other_name_, other_name_of(lease), lease.address);
}

void Book::reindex(Ipv4 address, Instant now) {
  Record* record = find(address);
  bool held = record && record->lease.holds(now);
  if (held) offers_.drop(address);  // an offer ends where a lease begins
  bool in_the_air = offers_.at(address) != nullptr || in_flight_.claimant(address) != nullptr;
  taken_.set(address, record || in_the_air || is_barred(address));
  if (!record) return;

  bool idle = !held && !in_the_air && !is_barred(address);
  if (idle && !record->idle) idle_.insert(address, record->lease.expires);
  if (!idle && record->idle) idle_.erase(address, record->lease.expires);
  record->idle = idle;
  if (held) watch(*record);
}

void Book::watch(Record& record) {
  Instant end = record.lease.expires;
  if (record.due && *record.due <= end) return;  // looked at early enough; a renewal costs nothing
  record.due = end;
  due_.push({end, record.lease.address});
}

void Book::make_offer(const ClientKey& client, Ipv4 address, Instant until, Instant now) {
  auto other = offers_.of(client);
  offers_.put(client, address, until);
  if (other && *other != address) reindex(*other, now);
  reindex(address, now);
}

}  // namespace slipway::lease
