// SPDX-License-Identifier: MPL-2.0
// Where the state survives. Fails with a Fault, a sentence for the operator: disk full, database locked.
// Used by one thread at a time.
#pragma once

#include <span>

#include "assign/state.h"
#include "base/result.h"

namespace slipway::assign {

class Store {
 public:
  virtual ~Store() = default;

  virtual Result<State, Fault> load() = 0;
  /// One durable transaction: all of it is on the disk when it returns, or nothing was changed.
  virtual Result<void, Fault> commit(std::span<const Change> changes) = 0;
};

}  // namespace slipway::assign
