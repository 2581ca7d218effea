// SPDX-License-Identifier: MPL-2.0
#include "migrate/admission.h"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::migrate {
namespace {

using lease::Change;
using lease::ClientKey;
using lease::Refusal;

struct Words {
  Skip why;
  std::string_view name, sentence;
};
// In the order of the enum.
constexpr std::array<Words, 15> words{{
    {Skip::already_here, "already_here", "it is here already"},
    {Skip::not_held, "not_held", "nobody holds it"},
    {Skip::expired, "expired", "it has run out"},
    {Skip::no_subnet, "no_subnet", "it is outside of every [[subnet]]"},
    {Skip::gives_no_addresses, "gives_no_addresses", "its subnet gives no addresses (mode)"},
    {Skip::no_identity, "no_identity", "it has neither a MAC address nor a client id"},
    {Skip::outside_pools, "outside_pools", "it is in no pool"},
    {Skip::excluded, "excluded", "the address is never given out: a server's, a router's, excluded"},
    {Skip::reserved_for_another, "reserved_for_another", "the address is reserved for another machine"},
    {Skip::reserved_elsewhere, "reserved_elsewhere", "another address is reserved for its client"},
    {Skip::held_by_another, "held_by_another", "another client has the address here"},
    {Skip::quarantined, "quarantined", "the address is in quarantine here"},
    {Skip::has_another_address, "has_another_address", "its client has another address here"},
    {Skip::store_refused, "store_refused", "another client got the address here meanwhile"},
    {Skip::store_failed, "store_failed", "it could not be written"},
}};

Skip skip_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::wrong_network:
      return Skip::no_subnet;
    case Refusal::none_free:
    case Refusal::outside_pools:
      return Skip::outside_pools;
    case Refusal::excluded:
      return Skip::excluded;
    case Refusal::held_by_another:
    case Refusal::claimed_by_another:
      return Skip::held_by_another;
    case Refusal::reserved_for_another:
      return Skip::reserved_for_another;
    case Refusal::reserved_elsewhere:
      return Skip::reserved_elsewhere;
    case Refusal::quarantined:
      return Skip::quarantined;
    case Refusal::claim_in_flight:
      return Skip::has_another_address;
  }
  return Skip::outside_pools;
}

std::string holder_text(const lease::Lease& lease) {
  std::string until = "for ever";
  if (lease.expires != lease::forever) {
    auto end = fmt::gmtime(static_cast<std::time_t>(unix_seconds(lease.expires)));
    until = fmt::format("until {:%Y-%m-%d %H:%M:%S} UTC", end);
  }
  std::string name = lease.hostname.empty() ? "" : fmt::format(" ({})", printable(lease.hostname));
  return fmt::format("{}{} has {} {}", lease.client.to_string(), name, lease.address.to_string(), until);
}

/// As identify.h keys leases: by MAC a machine is one client, by client id whoever it says it is.
std::optional<ClientKey> key_of(const ForeignLease& lease, model::Identify identify) {
  bool usable_mac = lease.mac && !lease.mac->is_zero() && !lease.mac->is_multicast();
  bool by_id = !lease.client_id.empty() && (identify == model::Identify::client_id || !usable_mac);
  if (by_id) return ClientKey::of_client_id(lease.client_id);
  return usable_mac ? std::optional(ClientKey::of_mac(*lease.mac)) : std::nullopt;
}

bool is_machine_of(const model::Machine& machine, const ForeignLease& lease) {
  bool by_mac =
      lease.mac && std::find(machine.macs.begin(), machine.macs.end(), *lease.mac) != machine.macs.end();
  return by_mac || (!machine.client_id.empty() && machine.client_id == lease.client_id);
}

std::optional<Ipv4> reservation_in(const model::Plan& plan, const model::Subnet& subnet,
                                   const ForeignLease& lease) {
  const model::Machine* by_address = plan.reserved_for(lease.address);
  const model::Machine* by_mac = lease.mac ? plan.machine(*lease.mac) : nullptr;
  for (const model::Machine* machine : {by_address, by_mac}) {
    bool his = machine && machine->address && is_machine_of(*machine, lease);
    if (his && subnet.network.contains(*machine->address)) return machine->address;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Skip why) {
  return words[static_cast<std::size_t>(why)].name;
}

std::optional<Skip> skip_named(std::string_view name) {
  auto found = std::find_if(words.begin(), words.end(), [&](const Words& each) { return each.name == name; });
  return found == words.end() ? std::nullopt : std::optional(found->why);
}

std::string_view sentence(Skip why) {
  return words[static_cast<std::size_t>(why)].sentence;
}

bool is_harmless(Skip why) {
  return why == Skip::already_here || why == Skip::not_held || why == Skip::expired;
}

bool is_conflict(Skip why) {
  return why == Skip::held_by_another || why == Skip::quarantined || why == Skip::has_another_address ||
         why == Skip::store_refused;
}

lease::Asker Admission::asker_of(const ForeignLease& lease, const model::Subnet& subnet) const {
  lease::Asker asker;
  asker.client = key_of(lease, subnet.identify).value_or(ClientKey());
  asker.mac = lease.mac.value_or(MacAddress{});
  asker.client_id = lease.client_id;
  asker.hostname = printable(lease.hostname);
  lease::Space space;
  space.network = subnet.network;
  for (const model::Pool& pool : subnet.pools) space.ranges.push_back(pool.range);
  space.reserved = reservation_in(plan_, subnet, lease);
  asker.spaces = {std::move(space)};
  return asker;
}

std::variant<Change, Skipped> Admission::admit(const ForeignLease& lease, Instant now) {
  if (lease.standing == Standing::free) return Skipped{Skip::not_held, {}};
  if (lease.until <= now) return Skipped{Skip::expired, {}};
  const model::Subnet* subnet = plan_.subnet_of(lease.address);
  if (!subnet) return Skipped{Skip::no_subnet, {}};
  if (subnet->mode != model::SubnetMode::dhcp) return Skipped{Skip::gives_no_addresses, {}};
  if (lease.standing == Standing::quarantined) return quarantine(lease, *subnet, now);

  lease::Asker asker = asker_of(lease, *subnet);
  if (asker.client.is_nobody()) return Skipped{Skip::no_identity, {}};
  if (auto skipped = before_asking(lease, asker, now)) return *skipped;

  lease::Lease made;
  made.address = lease.address;
  made.client = asker.client;
  made.mac = asker.mac;
  made.client_id = asker.client_id;
  made.hostname = asker.hostname;
  made.subnet = subnet->network;
  // Where something is known of the address already, the store judges by this moment.
  bool known = book_.at(lease.address) != nullptr;
  made.granted = known || lease.since > now || lease.since == Instant{} ? now : lease.since;
  made.expires = lease.until;
  auto change = allocator_.adopt(asker, std::move(made), now);
  if (!change) return refusal(change.error(), lease.address, asker);
  return std::move(*change);
}

/// What the allocator has no word for: it would move the client, or shorten what it has.
std::optional<Skipped> Admission::before_asking(const ForeignLease& lease, const lease::Asker& asker,
                                                Instant now) const {
  const lease::Lease* here = book_.at(lease.address);
  if (here && here->client == asker.client && here->runs(now) && here->expires >= lease.until) {
    return Skipped{Skip::already_here, {}};
  }
  const lease::Lease* other = book_.of(asker.client, asker.spaces);
  if (other && other->runs(now) && other->address != lease.address) {
    return Skipped{Skip::has_another_address, holder_text(*other)};
  }
  return std::nullopt;
}

std::variant<Change, Skipped> Admission::quarantine(const ForeignLease& lease, const model::Subnet& subnet,
                                                    Instant now) {
  const lease::Lease* here = book_.at(lease.address);
  if (here && here->holds(now)) {
    bool same = here->state == lease::State::declined;
    return same ? Skipped{Skip::already_here, {}} : Skipped{Skip::held_by_another, holder_text(*here)};
  }
  lease::Asker nobody = asker_of({.address = lease.address, .place = {}}, subnet);
  lease::Lease made;
  made.address = lease.address;
  made.subnet = subnet.network;
  made.granted = now;
  made.expires = lease.until;
  made.state = lease::State::declined;
  auto change = allocator_.adopt(nobody, std::move(made), now);
  if (!change) return refusal(change.error(), lease.address, nobody);
  return std::move(*change);
}

Skipped Admission::refusal(Refusal why, Ipv4 address, const lease::Asker& asker) const {
  Skip skip = skip_of(why);
  if (skip == Skip::held_by_another || skip == Skip::quarantined) {
    const lease::Lease* here = book_.at(address);
    return {skip, here ? holder_text(*here) : std::string()};
  }
  if (skip == Skip::reserved_for_another) {
    const model::Machine* machine = plan_.reserved_for(address);
    return {skip, machine ? machine->name : std::string()};
  }
  if (skip == Skip::reserved_elsewhere && asker.spaces.front().reserved) {
    return {skip, asker.spaces.front().reserved->to_string()};
  }
  return {skip, {}};
}

std::optional<Skipped> Admission::refused(const lease::Outcome& outcome) {
  if (outcome.granted()) return std::nullopt;
  if (outcome.holder) return Skipped{Skip::store_refused, holder_text(*outcome.holder)};
  return Skipped{Skip::store_failed, outcome.reason};
}

void order_for_admission(std::vector<ForeignLease>& leases) {
  std::stable_sort(leases.begin(), leases.end(),
                   [](const ForeignLease& a, const ForeignLease& b) { return a.until > b.until; });
}

}  // namespace slipway::migrate
