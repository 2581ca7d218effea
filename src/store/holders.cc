// SPDX-License-Identifier: MPL-2.0
#include "store/holders.h"

namespace slipway::store {

const Holder* Holders::at(Ipv4 address) const {
  auto found = of_.find(address);
  return found == of_.end() ? nullptr : &found->second;
}

bool Holders::allow(const lease::Change& change) const {
  const Holder* holder = at(change.lease.address);
  return !holder || holder->client == change.by || holder->expires <= change.lease.granted;
}

void Holders::put(Ipv4 address, Holder holder) {
  remember(address);
  of_.insert_or_assign(address, std::move(holder));
}

void Holders::remove(Ipv4 address) {
  remember(address);
  of_.erase(address);
}

void Holders::remember(Ipv4 address) {
  const Holder* holder = at(address);
  before_.emplace_back(address, holder ? std::optional(*holder) : std::nullopt);
}

void Holders::take_back() {
  for (auto former = before_.rbegin(); former != before_.rend(); ++former) {
    if (former->second)
      of_.insert_or_assign(former->first, std::move(*former->second));
    else
      of_.erase(former->first);
  }
  before_.clear();
}

void Holders::folded(Ipv4 address) {
  auto found = of_.find(address);
  if (found != of_.end()) found->second.batch = in_table;
}

}  // namespace slipway::store
