// SPDX-License-Identifier: MPL-2.0
#include "lease/in_flight.h"

namespace slipway::lease {

void InFlight::begin(Ipv4 address, const ClientKey& client) {
  Claim& claim = by_address_[address];
  if (claim.client != client) by_client_.erase(claim.client);
  claim.client = client;
  ++claim.count;
  if (!client.is_nobody()) by_client_[client] = address;
}

void InFlight::end(Ipv4 address) {
  auto found = by_address_.find(address);
  if (found == by_address_.end() || --found->second.count > 0) return;
  by_client_.erase(found->second.client);
  by_address_.erase(found);
}

const ClientKey* InFlight::claimant(Ipv4 address) const {
  auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &found->second.client;
}

std::optional<Ipv4> InFlight::claim_of(const ClientKey& client) const {
  auto found = by_client_.find(client);
  if (found == by_client_.end()) return std::nullopt;
  return found->second;
}

std::vector<Ipv4> InFlight::addresses() const {
  std::vector<Ipv4> all;
  for (const auto& [address, claim] : by_address_) all.push_back(address);
  return all;
}

}  // namespace slipway::lease
