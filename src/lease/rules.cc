// SPDX-License-Identifier: MPL-2.0
#include "lease/rules.h"

#include <algorithm>

namespace slipway::lease {

bool operator==(const Rules& a, const Rules& b) {
  auto same = [](const model::AddressRange& x, const model::AddressRange& y) {
    return x.first == y.first && x.last == y.last;
  };
  return a.reserved == b.reserved && a.excluded == b.excluded && a.every_name == b.every_name &&
         std::equal(a.pools.begin(), a.pools.end(), b.pools.begin(), b.pools.end(), same);
}

Rules Rules::from(const model::Plan& plan, std::span<const Ipv4> own_addresses) {
  Rules rules;
  for (const model::Machine& machine : plan.machines()) {
    if (machine.address) rules.reserved.push_back(*machine.address);
  }
  auto exclude = [&](const auto& addresses) {
    rules.excluded.insert(rules.excluded.end(), addresses.begin(), addresses.end());
  };
  exclude(own_addresses);
  rules.every_name = !plan.server().lease_query.empty();
  for (const model::Subnet& subnet : plan.subnets()) {
    if (subnet.network.length < 31) {
      rules.excluded.push_back(subnet.network.network);
      rules.excluded.push_back(subnet.network.last());
    }
    exclude(subnet.routers);
    exclude(subnet.relays);
    for (const model::Pool& pool : subnet.pools) rules.pools.push_back(pool.range);
  }
  return rules;
}

}  // namespace slipway::lease
