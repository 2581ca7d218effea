// SPDX-License-Identifier: MPL-2.0
// <state>/slipway.db as a file: made, locked, checked, brought to the newest schema. SQLite, WAL,
// synchronous=FULL. Start-up only: everything throws StartupError with the remedy.
#pragma once

#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "store/sqlite.h"

namespace slipway::store {

inline constexpr int first_schema_with_assignments = 4;

std::string database_path(const std::string& state);

/// Keeps a second daemon out of `state` until closed.
UniqueFd lock_state(const std::string& state);
bool is_locked(const std::string& state);

/// Opens the database in `state`, made where it is not there. The lock is held.
sqlite::Database open_database(const std::string& state);

/// To read, while a daemon runs or none does: nothing where no database was ever made.
Result<std::optional<sqlite::Database>, Fault> open_to_read(const std::string& state);

/// What webhooks wait for: <state>/webhooks.db, so that no writing of theirs holds up a lease.
sqlite::Database open_webhooks(const std::string& state);

/// One more connection to a database that `open_database` has opened already, for another thread.
sqlite::Database open_beside(const std::string& state);

}  // namespace slipway::store
