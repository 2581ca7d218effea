// SPDX-License-Identifier: MPL-2.0
// The table `lease_log`: what became of addresses since the table `lease` was written last, a row of
// LeaseRecords for each transaction. Writing a row for each lease instead costs a page of 4 KiB and two
// writes for each of them. Private to store/; the store's thread.
#pragma once

#include <functional>
#include <vector>

#include "store/lease_record.h"
#include "store/sqlite.h"

namespace slipway::store {

class ChangeLog {
 public:
  /// Throws StartupError where the table is not there.
  explicit ChangeLog(sqlite::Database& db);

  struct Batch {
    std::int64_t number = 0;  ///< from 1 on, ascending
    std::size_t bytes = 0;
    std::vector<LeaseRecord> records;  ///< in the order written
  };
  /// Gives `take` batch after batch, the oldest first, until it returns false. The fault of a batch that this
  /// program did not write, or of the database.
  std::optional<Fault> read(const std::function<bool(Batch)>& take);
  /// The records of one batch; empty when there is none.
  std::vector<LeaseRecord> at(std::int64_t number);

  /// False: the database says why.
  [[nodiscard]] bool append(std::int64_t number, ByteView records);
  [[nodiscard]] bool drop_through(std::int64_t number);

 private:
  sqlite::Database& db_;
  sqlite::Statement all_, one_, append_, drop_;
};

}  // namespace slipway::store
