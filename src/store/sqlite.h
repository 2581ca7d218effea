// SPDX-License-Identifier: MPL-2.0
// As much of SQLite's C interface as we need, with owners and bound values. Nothing here throws but
// `open`; a step that fails says so, and `fault` turns the last failure into a sentence.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "base/bytes.h"
#include "base/result.h"

namespace slipway::store::sqlite {

class Database {
 public:
  /// Throws StartupError when the file cannot be opened. It must exist.
  static Database open(const std::string& path);
  /// For looking only. `still`: no process writes the file, and nothing at all is made beside it.
  static Result<Database, Fault> open_to_read(const std::string& path, bool still);

  /// Statements without parameters and results.
  [[nodiscard]] bool run(const char* sql);
  /// What went wrong last, and what to do about it.
  Fault fault() const;
  const std::string& path() const { return path_; }
  sqlite3* get() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
  std::string path_;
};

/// A prepared statement. Bind every parameter from 1 on, step, read columns from 0 on, reset.
/// Bound bytes are not copied: they must stay until `reset`.
class Statement {
 public:
  /// `sql` is ours and correct for this schema: a statement that cannot be prepared is a StartupError.
  Statement(Database& db, const char* sql);

  void bind(int index, std::int64_t value);
  void bind(int index, ByteView bytes);
  void bind(int index, std::string_view text);

  /// SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return sqlite3_step(statement_.get()); }
  /// To its end and back, for what gives no rows; false: the database says why.
  [[nodiscard]] bool run() {
    bool done = step() == SQLITE_DONE;
    reset();
    return done;
  }
  void reset() { sqlite3_reset(statement_.get()); }

  std::int64_t number(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::string_view text(int column) const { return as_text(bytes(column)); }
  ByteView bytes(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace slipway::store::sqlite
