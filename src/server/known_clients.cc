// SPDX-License-Identifier: MPL-2.0
#include "server/known_clients.h"

namespace slipway::server {

void KnownClients::forget(Order::iterator client) {
  auto at = by_address_.find(client->address);
  if (at != by_address_.end() && at->second == client->mac)
    by_address_.erase(at);  // it may be another's by now
  by_mac_.erase(client->mac);
  order_.erase(client);
}

void KnownClients::learn(const model::Client& client) {
  std::lock_guard lock(mutex_);
  auto known = by_mac_.find(client.mac);
  if (known != by_mac_.end()) {
    forget(known->second);
  } else if (order_.size() >= capacity_) {
    forget(std::prev(order_.end()));
  }
  order_.push_front(client);
  by_mac_[client.mac] = order_.begin();
  if (!client.address.is_any()) by_address_[client.address] = client.mac;
}

model::Client KnownClients::get(const MacAddress& mac) const {
  std::lock_guard lock(mutex_);
  auto known = by_mac_.find(mac);
  if (known != by_mac_.end()) return *known->second;
  model::Client stranger;
  stranger.mac = mac;
  return stranger;
}

std::optional<model::Client> KnownClients::at(Ipv4 address) const {
  std::lock_guard lock(mutex_);
  auto mac = by_address_.find(address);
  if (mac == by_address_.end()) return std::nullopt;
  return *by_mac_.at(mac->second);
}

}  // namespace slipway::server
