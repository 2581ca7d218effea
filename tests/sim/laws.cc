// SPDX-License-Identifier: MPL-2.0
#include "sim/laws.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lease/allocator.h"
#include "sim/sim_network.h"

namespace slipway::sim {

using wire::MessageType;
namespace opt = wire::opt;

namespace {

/// What was said before the clock jumped may still be on its way, or wait to be asked for again.
constexpr Duration under_way = SimNetwork::latest + std::chrono::seconds{10};
constexpr std::chrono::seconds longest_lease{60};

lease::ClientKey key_of(const MacAddress& client) {
  return lease::ClientKey::of_mac(client);
}

}  // namespace

std::string Laws::at() const {
  auto since = scheduler_.now() - from_unix_seconds(1'700'000'000);
  return fmt::format("at {:.6f} s: ", std::chrono::duration<double>(since).count());
}

/// The lease of this client that the store has and the server's clock has not ended.
const lease::Lease* Laws::row_of(const MacAddress& client, Ipv4 address) const {
  auto row = rows_->find(address);
  bool his = row != rows_->end() && row->second.client == key_of(client) && row->second.runs(servers_now());
  return his ? &row->second : nullptr;
}

void Laws::uses(const MacAddress& client, Ipv4 address, Instant until) {
  if (jumped_forward_within(under_way)) {
    const lease::Lease* row = row_of(client, address);
    if (!row) return leaves(client, address);  // the jump ended what it was told
    until = std::min(until, end_of(*row));
  }
  auto other = uses_.find(address);
  bool taken =
      other != uses_.end() && other->second.client != client && other->second.until > scheduler_.now();
  EXPECT_FALSE(taken) << at() << address.to_string() << " is used by " << other->second.client.to_string()
                      << " and was given to " << client.to_string();
  uses_[address] = {client, until};
  check_row(address, uses_[address]);
}

void Laws::leaves(const MacAddress& client, Ipv4 address) {
  auto use = uses_.find(address);
  if (use != uses_.end() && use->second.client == client) uses_.erase(use);
}

void Laws::refused_while_using(const MacAddress& client, Ipv4 address) {
  auto use = uses_.find(address);
  bool holds = use != uses_.end() && use->second.client == client && use->second.until > scheduler_.now();
  if (!holds || jumped_forward_within(under_way)) return;
  if (!plans_.may_keep(client, address)) {
    ++tally.taken_away;
    return;
  }
  ADD_FAILURE() << at() << client.to_string() << " was told NAK while it holds " << address.to_string();
}

void Laws::offered_again(const MacAddress& client, Ipv4 had, Ipv4 offered) {
  if (!plans_.may_keep(client, had) || jumped_forward_within(under_way + longest_lease)) return;
  EXPECT_EQ(had.to_string(), offered.to_string()) << at() << client.to_string() << " eats a second address";
}

void Laws::clock_jumped(Duration by) {
  ahead_ += by;
  last_set_ = scheduler_.now();
  if (by <= Duration::zero()) return;
  last_jump_ = scheduler_.now();
  for (auto& [address, use] : uses_) cut_short(address, use);
}

void Laws::cut_short(Ipv4 address, Use& use) const {
  const lease::Lease* row = row_of(use.client, address);
  use.until = row ? std::min(use.until, end_of(*row)) : scheduler_.now();
}

void Laws::quarantined(Ipv4 address) {
  quarantined_[address] = servers_now() + lease::Allocator::Times().short_quarantine;
}

void Laws::through_door(const dhcp::Verdict& verdict) {
  if (auto* ignore = std::get_if<dhcp::Ignore>(&verdict)) {
    ++tally.ignored;
    ++tally.drops[std::string(dhcp::to_string(ignore->why))];
  } else if (std::holds_alternative<dhcp::Answer>(verdict)) {
    ++tally.answered;
  } else {
    ++tally.claimed;
  }
}

void Laws::speaks(const dhcp::Answer& answer) {
  auto type = answer.message.options.get<opt::MessageType>();
  if (type == MessageType::nak) ++tally.naks;
  if (type == MessageType::offer) {
    auto kept = quarantined_.find(answer.message.yiaddr);
    EXPECT_TRUE(kept == quarantined_.end() || kept->second <= servers_now())
        << at() << "offered " << answer.message.yiaddr.to_string() << ", which is in quarantine";
    auto row = rows_->find(answer.message.yiaddr);
    bool his = row != rows_->end() && row->second.client == key_of(answer.message.mac().value());
    tally.offered_in_use += !his && squatters_.contains(answer.message.yiaddr);
  }
  bool promises = type == MessageType::ack || answer.message.is_bootp();
  if (!promises || answer.message.yiaddr.is_any()) return;
  ++(type ? tally.acks : tally.bootp_replies);
  tally.at_once += answer.message.options.has(opt::RapidCommit::code);
  Ipv4 address = answer.message.yiaddr;
  MacAddress client = answer.message.mac().value();
  auto row = rows_->find(address);
  ASSERT_TRUE(row != rows_->end()) << at() << "ACK of " << address.to_string() << " without a row";
  const lease::Lease& lease = row->second;
  // A copy of a REQUEST and the client's DECLINE may share a commit: it was durable, and it is over.
  if (lease.state == lease::State::declined && lease.mac == client) return;
  EXPECT_EQ(lease.client, key_of(client))
      << at() << "ACK of " << address.to_string() << ", which the store has for " << lease.client.to_string();
}

Laws::Holders Laws::before_commit(std::span<const lease::Change> changes) const {
  Holders holders;
  for (const lease::Change& change : changes) {
    auto row = rows_->find(change.lease.address);
    holders.push_back(row == rows_->end() ? std::nullopt : std::optional(row->second));
  }
  return holders;
}

/// Of a batch only the first change of an address is judged: for the others it is not known what it found.
void Laws::after_commit(std::span<const lease::Change> changes, const Holders& before) {
  for (const lease::Change& change : changes) {  // judged before the clock jumped, written after
    auto use = uses_.find(change.lease.address);
    if (use != uses_.end() && jumped_forward_within(under_way)) cut_short(use->first, use->second);
    if (change.frees && scheduler_.now() < last_set_ + under_way) leaves(change.lease.mac, *change.frees);
  }
  std::set<Ipv4> seen;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const lease::Change& change = changes[i];
    if (change.frees) seen.insert(*change.frees);
    if (!seen.insert(change.lease.address).second || change.kind != lease::Change::Kind::grant) continue;
    if (!before[i] || before[i]->client == change.by || !before[i]->holds(change.lease.granted)) continue;
    auto row = rows_->find(change.lease.address);
    EXPECT_TRUE(row != rows_->end() && row->second.client == before[i]->client)
        << at() << "the store gave " << change.by.to_string() << " the address "
        << change.lease.address.to_string() << ", which " << before[i]->client.to_string() << " holds";
  }
}

void Laws::check_row(Ipv4 address, const Use& use) const {
  auto row = rows_->find(address);
  ASSERT_TRUE(row != rows_->end()) << at() << address.to_string() << " is used and the store has no row";
  const lease::Lease& lease = row->second;
  EXPECT_EQ(lease.client, key_of(use.client)) << at() << address.to_string();
  EXPECT_EQ(lease.state, lease::State::active) << at() << address.to_string();
  EXPECT_GE(end_of(lease), use.until) << at() << address.to_string() << " ends before its client thinks";
}

void Laws::check_store() const {
  for (const auto& [address, use] : uses_) {
    if (use.until > scheduler_.now()) check_row(address, use);
  }
}

void Laws::check_doors() const {
  EXPECT_EQ(tally.received, tally.ignored + tally.answered + tally.claimed + tally.unheard);
  EXPECT_EQ(tally.claimed, tally.settled + tally.died);
}

std::optional<MacAddress> Laws::station_at(Ipv4 address) const {
  if (squatters_.contains(address)) {  // a station for each: one that answered for all would not be believed
    auto low = static_cast<std::uint8_t>(address.value), high = static_cast<std::uint8_t>(address.value >> 8);
    return MacAddress{{2, 0, 0, 0, high, low}};
  }
  auto use = uses_.find(address);
  if (use == uses_.end() || use->second.until <= scheduler_.now()) return std::nullopt;
  return use->second.client;
}

std::size_t Laws::in_use() const {
  std::size_t count = 0;
  for (const auto& [address, use] : uses_) count += use.until > scheduler_.now();
  return count;
}

}  // namespace slipway::sim
