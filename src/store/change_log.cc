// SPDX-License-Identifier: MPL-2.0
#include "store/change_log.h"

#include <fmt/format.h>

namespace slipway::store {

ChangeLog::ChangeLog(sqlite::Database& db)
    : db_(db),
      all_(db, "SELECT batch, changes FROM lease_log ORDER BY batch"),
      one_(db, "SELECT changes FROM lease_log WHERE batch = ?1"),
      append_(db, "INSERT INTO lease_log (batch, changes) VALUES (?1, ?2)"),
      drop_(db, "DELETE FROM lease_log WHERE batch <= ?1") {}

std::optional<Fault> ChangeLog::read(const std::function<bool(Batch)>& take) {
  std::optional<Fault> fault;
  bool more = true;
  while (more) {
    int code = all_.step();
    if (code != SQLITE_ROW) {
      if (code != SQLITE_DONE) fault = db_.fault();
      break;
    }
    auto records = read_records(all_.bytes(1));
    if (!records) {
      fault = Fault{
          fmt::format("batch {} of the changes in {} is not one slipwayd wrote", all_.number(0), db_.path()),
          "restore the file from a backup, or delete that row of lease_log with sqlite3"};
      break;
    }
    more = take({all_.number(0), all_.bytes(1).size(), std::move(*records)});
  }
  all_.reset();
  return fault;
}

std::vector<LeaseRecord> ChangeLog::at(std::int64_t number) {
  one_.bind(1, number);
  std::vector<LeaseRecord> records;
  if (one_.step() == SQLITE_ROW) records = read_records(one_.bytes(0)).value_or(records);
  one_.reset();
  return records;
}

bool ChangeLog::append(std::int64_t number, ByteView records) {
  append_.bind(1, number);
  append_.bind(2, records);
  return append_.run();
}

bool ChangeLog::drop_through(std::int64_t number) {
  drop_.bind(1, number);
  return drop_.run();
}

}  // namespace slipway::store
