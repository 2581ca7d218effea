// SPDX-License-Identifier: MPL-2.0
#include "server/bandwidths.h"

#include <algorithm>

namespace slipway::server {

Bandwidths::Bandwidths(const model::Plan& plan, const Bandwidths* former) {
  for (const model::Subnet& subnet : plan.subnets()) {
    if (!subnet.bandwidth) continue;
    Limit limit{subnet.network, nullptr};
    auto same = [&](const Limit& known) {
      return known.network == subnet.network && known.bandwidth->bits_per_second() == *subnet.bandwidth;
    };
    if (former) {
      auto known = std::find_if(former->limits_.begin(), former->limits_.end(), same);
      if (known != former->limits_.end()) limit.bandwidth = known->bandwidth;
    }
    if (!limit.bandwidth) limit.bandwidth = std::make_shared<Bandwidth>(*subnet.bandwidth);
    limits_.push_back(std::move(limit));
  }
}

std::shared_ptr<Bandwidth> Bandwidths::of(Ipv4 client) const {
  for (const Limit& limit : limits_) {
    if (limit.network.contains(client)) return limit.bandwidth;
  }
  return nullptr;
}

}  // namespace slipway::server
