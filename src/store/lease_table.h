// SPDX-License-Identifier: MPL-2.0
// The table `lease`: a row for each address, for this program and for anybody with an SQLite tool. It is as
// old as the change log is long. Private to store/; the store's thread.
#pragma once

#include <optional>
#include <vector>

#include "lease/lease.h"
#include "store/sqlite.h"

namespace slipway::store {

class LeaseTable {
 public:
  /// Throws StartupError where the table is of another schema.
  explicit LeaseTable(sqlite::Database& db);

  /// Every row in ascending order of address, or the first that this program did not write.
  Result<std::vector<lease::Lease>, Fault> all();
  /// Nothing when there is no such row, too.
  std::optional<lease::Lease> at(Ipv4 address);
  /// Inserted or replaced; false: the database says why.
  [[nodiscard]] bool put(const lease::Lease& lease);
  [[nodiscard]] bool remove(Ipv4 address);

 private:
  sqlite::Database& db_;
  sqlite::Statement all_, one_, put_, remove_;
};

}  // namespace slipway::store
