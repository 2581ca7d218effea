// SPDX-License-Identifier: MPL-2.0
// Assignments in <state>/slipway.db: tables of their own beside the leases, a connection of their own, so
// that neither waits for the other longer than one transaction. A commit is durable when it returns.
// Opened after SqliteStore, which holds the lock and made the tables; throws StartupError, later faults are
// values. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "assign/store.h"

namespace slipway::store {

class AssignmentStore final : public assign::Store {
 public:
  explicit AssignmentStore(const std::string& state);
  ~AssignmentStore() override;

  Result<assign::State, Fault> load() override;
  Result<void, Fault> commit(std::span<const assign::Change> changes) override;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

/// The state in <state>/slipway.db, looked at from outside: beside a daemon or without one, nothing is
/// locked, made or changed. Where there is no file, or an older one, nothing was assigned.
Result<assign::State, Fault> read_assignments(const std::string& state);

}  // namespace slipway::store
