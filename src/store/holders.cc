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
  auto [at, is_new] = of_.try_emplace(address);
  std::optional<Holder> former;
  if (!is_new) former = std::move(at->second);
  at->second = std::move(holder);
  before_.emplace_back(address, std::move(former));
}

void Holders::remove(Ipv4 address) {
  auto at = of_.find(address);
  if (at == of_.end()) return;
  before_.emplace_back(address, std::move(at->second));
  of_.erase(at);
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
