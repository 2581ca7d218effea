// SPDX-License-Identifier: MPL-2.0
// A store that keeps the contract and forgets all at its end: for tests and simulations. Two stores made on
// the same `Rows` are the same store before and after a restart.
#pragma once

#include <map>
#include <memory>

#include "lease/store.h"

namespace slipway::store {

class MemoryStore final : public lease::Store {
 public:
  using Rows = std::map<Ipv4, lease::Lease>;

  explicit MemoryStore(std::shared_ptr<Rows> rows = std::make_shared<Rows>()) : rows_(std::move(rows)) {}

  Result<std::vector<lease::Lease>, Fault> load() override;
  Result<std::vector<lease::Outcome>, Fault> commit(std::span<const lease::Change> changes) override;

 private:
  lease::Outcome apply(const lease::Change& change);

  std::shared_ptr<Rows> rows_;
};

}  // namespace slipway::store
