// SPDX-License-Identifier: MPL-2.0
#include "server/known_clients.h"

namespace slipway::server {

void KnownClients::leave(std::unordered_map<Ipv4, MacAddress>& addresses, Ipv4 address,
                         const MacAddress& mac) {
  auto at = addresses.find(address);
  if (at != addresses.end() && at->second == mac) addresses.erase(at);  // it may be another's by now
}

void KnownClients::forget(Order::iterator known) {
  leave(by_address_, known->client.address, known->client.mac);
  for (Ipv4 given : known->given) leave(holders_, given, known->client.mac);
  by_mac_.erase(known->client.mac);
  order_.erase(known);
}

void KnownClients::give(Known& known, Ipv4 address) {
  std::erase(known.given, address);
  known.given.push_back(address);
  holders_[address] = known.client.mac;
  if (known.given.size() <= most_addresses) return;
  leave(holders_, known.given.front(), known.client.mac);
  known.given.erase(known.given.begin());
}

void KnownClients::learn(const model::Client& client) {
  keep(client, std::nullopt);
}

void KnownClients::learn_given(const model::Client& client) {
  keep(client, client.address);
}

void KnownClients::note_given(const MacAddress& mac, Ipv4 address) {
  std::lock_guard lock(mutex_);
  auto known = by_mac_.find(mac);
  if (known != by_mac_.end()) give(*known->second, address);
}

void KnownClients::keep(const model::Client& client, std::optional<Ipv4> given) {
  std::lock_guard lock(mutex_);
  std::vector<Ipv4> held;
  auto known = by_mac_.find(client.mac);
  if (known != by_mac_.end()) {
    held = known->second->given;
    std::erase_if(held, [&](Ipv4 address) {
      auto holder = holders_.find(address);
      return holder == holders_.end() || holder->second != client.mac;
    });
    forget(known->second);
  } else if (order_.size() >= capacity_) {
    forget(std::prev(order_.end()));
  }
  order_.push_front({client, {}});
  by_mac_[client.mac] = order_.begin();
  if (!client.address.is_any()) by_address_[client.address] = client.mac;
  if (given && !given->is_any()) held.push_back(*given);
  for (Ipv4 address : held) give(order_.front(), address);
}

model::Client KnownClients::get(const MacAddress& mac) const {
  std::lock_guard lock(mutex_);
  auto known = by_mac_.find(mac);
  if (known != by_mac_.end()) return known->second->client;
  model::Client stranger;
  stranger.mac = mac;
  return stranger;
}

bool KnownClients::has(const MacAddress& mac) const {
  std::lock_guard lock(mutex_);
  return by_mac_.contains(mac);
}

std::optional<model::Client> KnownClients::at(Ipv4 address) const {
  std::lock_guard lock(mutex_);
  auto mac = by_address_.find(address);
  if (mac == by_address_.end()) return std::nullopt;
  return by_mac_.at(mac->second)->client;
}

std::optional<MacAddress> KnownClients::holder_of(Ipv4 address) const {
  std::lock_guard lock(mutex_);
  auto holder = holders_.find(address);
  if (holder == holders_.end()) return std::nullopt;
  return holder->second;
}

}  // namespace slipway::server
