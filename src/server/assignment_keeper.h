// SPDX-License-Identifier: MPL-2.0
// The state of assignments in the daemon: loaded at the start, made durable before it is in force. The disk
// is waited for on a thread of its own. `commit` waits for it, as an operator's order is rare and must be
// durable before it is answered; what is heard of machines comes in crowds, can be learned again, and is
// written a moment later. Thread: control.
#pragma once

#include <functional>
#include <memory>

#include "assign/store.h"
#include "assign/witness.h"
#include "server/aside.h"
#include "server/log.h"

namespace slipway::server {

class AssignmentKeeper {
 public:
  /// Throws StartupError where the state cannot be read.
  /// `changed`: called in a turn of its own after what was heard changed what is to be booted.
  AssignmentKeeper(net::Reactor& reactor, assign::Store& store, Log log, std::function<void()> changed);
  ~AssignmentKeeper();

  const assign::State& state() const { return state_; }
  /// For the plan: a copy that never changes.
  std::shared_ptr<const model::Assignments> snapshot() const;

  /// Durable and in force, or a fault and nothing changed.
  Result<void, Fault> commit(const assign::Changes& changes);
  /// What a machine runs, and whether its order for one boot is over: from an event just recorded.
  void hear(const timeline::Event& event, const model::Plan& plan, const timeline::Timeline& timeline);
  /// It was found to be up though nothing was heard just now: time alone decided.
  void came_up(const timeline::Boot& boot, Instant now, const model::Plan& plan,
               const timeline::Timeline& timeline);

 private:
  /// In force at once, durable a moment later; several become one transaction.
  void note(assign::Change change);
  void tell_of_change();
  void write_notes();

  net::Reactor& reactor_;
  assign::Store& store_;
  Log log_;
  std::function<void()> changed_;
  assign::State state_;
  assign::Witness witness_;
  bool change_is_due_ = false;
  assign::Changes noted_;  ///< not handed to the thread yet
  bool writing_ = false;
  Aside aside_;
};

}  // namespace slipway::server
