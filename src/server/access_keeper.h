// SPDX-License-Identifier: MPL-2.0
// Tokens and the list of changes in the daemon. A token is durable before it is told, and gone for good
// before its revocation is answered; changes go to the journal at once and to the database a moment later,
// several in one transaction. The disk is waited for on a thread of its own. Thread: control.
#pragma once

#include <memory>
#include <vector>

#include "model/access.h"
#include "server/aside.h"
#include "server/log.h"
#include "store/access_store.h"

namespace slipway::server {

class AccessKeeper {
 public:
  /// Throws StartupError where the state cannot be read.
  AccessKeeper(net::Reactor& reactor, store::AccessStore& store, Log log);
  ~AccessKeeper();

  const model::Access& access() const { return access_; }

  Result<void, Fault> keep(const model::Token& token);
  Result<void, Fault> revoke(const std::string& name);
  void note(model::AuditEntry entry);

 private:
  Result<void, Fault> on_disk(const std::function<Result<void, Fault>()>& work);
  void write();

  store::AccessStore& store_;
  Log log_;
  model::Access access_;
  std::vector<model::AuditEntry> waiting_;  ///< not handed to the thread yet
  bool writing_ = false;
  Aside aside_;
};

}  // namespace slipway::server
