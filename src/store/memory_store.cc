// SPDX-License-Identifier: MPL-2.0
#include "store/memory_store.h"

namespace slipway::store {

using lease::Change;
using lease::Lease;
using lease::Outcome;

Result<std::vector<Lease>, Fault> MemoryStore::load() {
  std::vector<Lease> leases;
  for (const auto& [address, lease] : *rows_) leases.push_back(lease);
  return leases;
}

Result<std::vector<Outcome>, Fault> MemoryStore::commit(std::span<const Change> changes) {
  std::vector<Outcome> outcomes;
  for (const Change& change : changes) outcomes.push_back(apply(change));
  return outcomes;
}

Outcome MemoryStore::apply(const Change& change) {
  auto row = rows_->find(change.lease.address);
  if (row != rows_->end()) {
    const Lease& holder = row->second;
    bool free = holder.client == change.by || holder.expires <= change.lease.granted;
    if (!free) return Outcome::refused(holder);
  }
  if (change.kind == Change::Kind::forget) {
    rows_->erase(change.lease.address);
    return Outcome::done();
  }
  (*rows_)[change.lease.address] = change.lease;
  if (change.frees) {
    auto former = rows_->find(*change.frees);
    if (former != rows_->end() && former->second.client == change.by) rows_->erase(former);
  }
  return Outcome::done();
}

}  // namespace slipway::store
