// SPDX-License-Identifier: MPL-2.0
// Tokens of the API and what was done through it, in <state>/slipway.db: tables and a connection of their
// own. A commit is durable when it returns. Opened after SqliteStore, which holds the lock and made the
// tables; throws StartupError, later faults are values. Used by one thread at a time.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "model/access.h"

namespace slipway::store {

class AccessStore {
 public:
  explicit AccessStore(const std::string& state);
  ~AccessStore();

  Result<model::Access, Fault> load();
  Result<void, Fault> keep(const model::Token& token);
  Result<void, Fault> revoke(const std::string& name);
  /// In one transaction; the oldest beyond `most_audit` go.
  Result<void, Fault> append(std::span<const model::AuditEntry> entries);

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace slipway::store
