// SPDX-License-Identifier: MPL-2.0
// The state of assignments in the daemon: loaded at the start, made durable before it is in force. The disk
// is waited for on a thread of its own. `commit` waits for it, as an operator's order is rare and must be
// durable before it is answered; `note` does not, as what machines do comes in crowds and can be learned
// again. Thread: control.
#pragma once

#include <memory>

#include "assign/store.h"
#include "server/aside.h"
#include "server/log.h"

namespace slipway::server {

class AssignmentKeeper {
 public:
  /// Throws StartupError where the state cannot be read.
  AssignmentKeeper(net::Reactor& reactor, assign::Store& store, Log log);
  ~AssignmentKeeper();

  const assign::State& state() const { return state_; }
  /// For the plan: a copy that never changes.
  std::shared_ptr<const model::Assignments> snapshot() const;

  /// Durable and in force, or a fault and nothing changed.
  Result<void, Fault> commit(const assign::Changes& changes);
  /// In force at once, durable a moment later; several become one transaction.
  void note(assign::Change change);

 private:
  void write_notes();

  assign::Store& store_;
  Log log_;
  assign::State state_;
  assign::Changes noted_;  ///< not handed to the thread yet
  bool writing_ = false;
  Aside aside_;
};

}  // namespace slipway::server
