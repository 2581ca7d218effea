// SPDX-License-Identifier: MPL-2.0
#include "server/address_owners.h"

#include "boot/decide.h"

namespace slipway::server {

bool AddressOwners::given_by_another(Ipv4 address) const {
  const model::Subnet* subnet = plan_->subnet_of(address);
  return subnet && subnet->mode != model::SubnetMode::dhcp;
}

bool AddressOwners::is_known(const model::Client& client) const {
  return boot::machine_of(*plan_, client) || clients_.has(client.mac);
}

std::optional<model::Client> AddressOwners::who_says_so(Ipv4 address) const {
  return given_by_another(address) ? clients_.at(address) : std::nullopt;
}

bool AddressOwners::is_of(const model::Client& client, Ipv4 address) const {
  if (const model::Machine* reserved = plan_->reserved_for(address))
    return reserved == boot::machine_of(*plan_, client);
  if (auto holder = clients_.holder_of(address)) return *holder == client.mac;
  auto known = who_says_so(address);
  return known && known->mac == client.mac;
}

bool AddressOwners::is_nobodys(Ipv4 address) const {
  return plan_->subnet_of(address) && !plan_->reserved_for(address) && !owner_of(address);
}

bool AddressOwners::speaks_for(const model::Client& client, Ipv4 address) const {
  if (is_of(client, address)) return true;
  bool elsewhere = !client.address.is_any();
  bool known = clients_.has(client.mac) || (given_by_another(address) && is_known(client));
  return !elsewhere && known && is_nobodys(address);
}

bool AddressOwners::may_ask_for(const model::Client& client, Ipv4 address) const {
  return is_of(client, address) || (is_known(client) && given_by_another(address) && is_nobodys(address));
}

std::optional<MacAddress> AddressOwners::owner_of(Ipv4 address) const {
  if (const model::Machine* reserved = plan_->reserved_for(address)) {
    auto known = clients_.at(address);
    if (known && boot::machine_of(*plan_, *known) == reserved) return known->mac;
    return reserved->macs.size() == 1 ? std::optional(reserved->macs.front()) : std::nullopt;
  }
  if (auto holder = clients_.holder_of(address)) return holder;
  auto known = who_says_so(address);
  return known ? std::optional(known->mac) : std::nullopt;
}

}  // namespace slipway::server
