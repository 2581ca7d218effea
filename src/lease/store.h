// SPDX-License-Identifier: MPL-2.0
// Where leases survive, and the only judge of who holds an address: the book proposes, the store
// decides. One sentence for every change but forget: insert the row; where the address has a row, replace it
// only if that row belongs to `by` or ran out (row.expires <= change.lease.granted). Forget removes
// the row under the same condition.
// Used by one thread at a time (the committer's). Fails with a Fault, a sentence for the operator:
// disk full, database locked. It knows no clock: the moment of judgement travels with the change.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "lease/change.h"

namespace slipway::lease {

class Store {
 public:
  virtual ~Store() = default;

  /// Every row, in ascending order of address.
  virtual Result<std::vector<Lease>, Fault> load() = 0;

  /// One durable transaction, in the order given: when it returns outcomes they are on the disk, one per
  /// change, granted or refused. A fault means that nothing at all was changed.
  virtual Result<std::vector<Outcome>, Fault> commit(std::span<const Change> changes) = 0;

  /// Does a little of what can wait, a millisecond's worth, for when nothing is to be committed. True: there
  /// is more of it. Its faults are of no matter now: a commit that cannot go on without it will tell.
  virtual bool tidy() { return false; }
};

}  // namespace slipway::lease
