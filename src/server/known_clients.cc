// SPDX-License-Identifier: MPL-2.0
#include "server/known_clients.h"

namespace slipway::server {

void KnownClients::forget(Order::iterator known) {
  auto leave = [&](std::unordered_map<Ipv4, MacAddress>& addresses, Ipv4 address) {
    auto at = addresses.find(address);
    if (at != addresses.end() && at->second == known->client.mac)
      addresses.erase(at);  // it may be another's by now
  };
  leave(by_address_, known->client.address);
  leave(holders_, known->given);
  by_mac_.erase(known->client.mac);
  order_.erase(known);
}

void KnownClients::learn(const model::Client& client) {
  keep(client, std::nullopt);
}

void KnownClients::learn_given(const model::Client& client) {
  keep(client, client.address);
}

void KnownClients::keep(const model::Client& client, std::optional<Ipv4> given) {
  std::lock_guard lock(mutex_);
  Ipv4 held = given.value_or(Ipv4::any());
  auto known = by_mac_.find(client.mac);
  if (known != by_mac_.end()) {
    auto holder = holders_.find(known->second->given);
    bool still_holds = holder != holders_.end() && holder->second == client.mac;
    if (!given && still_holds) held = known->second->given;
    forget(known->second);
  } else if (order_.size() >= capacity_) {
    forget(std::prev(order_.end()));
  }
  order_.push_front({client, held});
  by_mac_[client.mac] = order_.begin();
  if (!client.address.is_any()) by_address_[client.address] = client.mac;
  if (!held.is_any()) holders_[held] = client.mac;
}

model::Client KnownClients::get(const MacAddress& mac) const {
  std::lock_guard lock(mutex_);
  auto known = by_mac_.find(mac);
  if (known != by_mac_.end()) return known->second->client;
  model::Client stranger;
  stranger.mac = mac;
  return stranger;
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
