// SPDX-License-Identifier: MPL-2.0
// Leases in <state>/slipway.db: SQLite, WAL, synchronous=FULL, so that what `commit` returned
// survives a power failure. Made for one daemon: a lock file keeps a second one out.
// A commit appends what became of its addresses to a log of changes, judged by what is in memory; `tidy`
// folds the log into the table of leases later, once for each address however often it changed (ADR 17).
// Opening checks the file as a whole and throws StartupError with the remedy; later faults are values.
// Used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "lease/store.h"

namespace slipway::store {

/// Bytes of changes that are not in the table yet.
struct LogSize {
  std::size_t worth_folding = 64 * 1024;   ///< from here on `tidy` has something to do
  std::size_t at_most = 64 * 1024 * 1024;  ///< from here on commits fold more than they add
};

class SqliteStore final : public lease::Store {
 public:
  /// `state`: an existing folder this process may write in.
  explicit SqliteStore(const std::string& state, LogSize log_size = {});
  ~SqliteStore() override;

  Result<std::vector<lease::Lease>, Fault> load() override;
  Result<std::vector<lease::Outcome>, Fault> commit(std::span<const lease::Change> changes) override;
  bool tidy() override;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

/// The leases in <state>/slipway.db, looked at from outside: beside a daemon or without one, nothing is
/// locked, made or changed. A file that is not there holds none.
Result<std::vector<lease::Lease>, Fault> read_leases(const std::string& state);

/// A daemon holds the store in `state`.
bool is_in_use(const std::string& state);

}  // namespace slipway::store
