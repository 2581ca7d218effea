// SPDX-License-Identifier: MPL-2.0
#include "lease/offers.h"

namespace slipway::lease {

void Offers::put(const ClientKey& client, Ipv4 address, Instant until) {
  drop(address);
  if (auto other = of(client)) drop(*other);
  queue_.push_back({client, address, until});
  auto held = std::prev(queue_.end());
  by_client_[client] = held;
  by_address_[address] = held;
  by_age_.insert(address, until);
}

void Offers::drop(Ipv4 address) {
  auto found = by_address_.find(address);
  if (found == by_address_.end()) return;
  Queue::iterator held = found->second;
  by_age_.erase(address, held->until);
  by_client_.erase(held->client);
  by_address_.erase(found);
  queue_.erase(held);
}

std::optional<Ipv4> Offers::lapse(Instant now) {
  if (queue_.empty() || queue_.front().until > now) return std::nullopt;
  Ipv4 address = queue_.front().address;
  drop(address);
  return address;
}

std::optional<Ipv4> Offers::of(const ClientKey& client) const {
  auto found = by_client_.find(client);
  if (found == by_client_.end()) return std::nullopt;
  return found->second->address;
}

const ClientKey* Offers::at(Ipv4 address) const {
  auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &found->second->client;
}

std::vector<Ipv4> Offers::addresses() const {
  std::vector<Ipv4> all;
  for (const Held& held : queue_) all.push_back(held.address);
  return all;
}

void Offers::cut(std::span<const model::AddressRange> pools) {
  by_age_.cut(pools);
  for (const Held& held : queue_) by_age_.insert(held.address, held.until);
}

}  // namespace slipway::lease
