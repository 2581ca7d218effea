// SPDX-License-Identifier: MPL-2.0
#include "store/sqlite_store.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/flat_map.h"
#include "store/change_log.h"
#include "store/database_file.h"
#include "store/holders.h"
#include "store/lease_table.h"

namespace slipway::store {

using lease::Change;
using lease::Lease;
using lease::Outcome;

namespace {

/// Records folded in one transaction: a millisecond or two, for which a change that comes now has to wait.
constexpr std::size_t fold_records = 256;

/// Every lease in order of address, and what `note` wants to know of each.
Result<std::vector<Lease>, Fault> read_both(LeaseTable& table, ChangeLog& log,
                                            const std::function<void(const ChangeLog::Batch&)>& note) {
  auto leases = table.all();
  if (!leases) return leases;
  FlatMap<Ipv4, std::optional<Lease>> changed;
  auto fault = log.read([&](ChangeLog::Batch batch) {
    note(batch);
    for (LeaseRecord& record : batch.records) changed.insert_or_assign(record.address, std::move(record.row));
    return true;
  });
  if (fault) return *fault;
  if (changed.empty()) return leases;

  std::erase_if(*leases, [&](const Lease& lease) { return changed.contains(lease.address); });
  for (auto& [address, row] : changed) {
    if (row) leases->push_back(std::move(*row));
  }
  std::ranges::sort(*leases, {}, &Lease::address);
  return leases;
}

}  // namespace

class SqliteStore::Engine {
 public:
  Engine(const std::string& state, LogSize log_size)
      : lock_(lock_state(state)), db_(open_database(state)), log_size_(log_size) {}

  Result<std::vector<Lease>, Fault> load();
  Result<std::vector<Outcome>, Fault> commit(std::span<const Change> changes);
  bool tidy();

 private:
  Outcome apply(const Change& change, ByteWriter& records);
  std::optional<Lease> newest(Ipv4 address, ByteView records);
  Fault give_up();
  bool fold_some();
  bool fold(std::vector<LeaseRecord>& newest, std::int64_t through);

  UniqueFd lock_;
  sqlite::Database db_;
  LogSize log_size_;
  LeaseTable table_{db_};
  ChangeLog log_{db_};
  sqlite::Statement begin_{db_, "BEGIN IMMEDIATE"};
  sqlite::Statement end_{db_, "COMMIT"};
  Holders holders_;
  bool knows_holders_ = false;
  std::int64_t last_batch_ = in_table;
  std::size_t log_bytes_ = 0;
};

Result<std::vector<Lease>, Fault> SqliteStore::Engine::load() {
  FlatMap<Ipv4, std::int64_t> batches;
  std::size_t bytes = 0;
  std::int64_t last = in_table;
  auto leases = read_both(table_, log_, [&](const ChangeLog::Batch& batch) {
    last = batch.number;
    bytes += batch.bytes;
    for (const LeaseRecord& record : batch.records) batches.insert_or_assign(record.address, batch.number);
  });
  if (!leases) return leases;
  holders_.clear();
  holders_.begin();
  for (const Lease& lease : *leases) {
    auto batch = batches.find(lease.address);
    holders_.put(lease.address,
                 {lease.client, lease.expires, batch == batches.end() ? in_table : batch->second});
  }
  holders_.begin();
  last_batch_ = last;
  log_bytes_ = bytes;
  knows_holders_ = true;
  return leases;
}

Result<std::vector<Outcome>, Fault> SqliteStore::Engine::commit(std::span<const Change> changes) {
  if (!knows_holders_) {
    auto loaded = load();
    if (!loaded) return loaded.error();
  }
  holders_.begin();
  if (!begin_.run()) return db_.fault();
  ++last_batch_;
  std::vector<Outcome> outcomes;
  outcomes.reserve(changes.size());
  ByteWriter records;
  for (const Change& change : changes) outcomes.push_back(apply(change, records));
  bool written = records.size() == 0 || log_.append(last_batch_, records.view());
  if (!written || !end_.run()) return give_up();
  log_bytes_ += records.size();

  for (std::size_t folded = 0; log_bytes_ > log_size_.at_most && folded <= changes.size();
       folded += fold_records) {
    if (!fold_some()) break;
  }
  return outcomes;
}

Fault SqliteStore::Engine::give_up() {
  Fault fault = db_.fault();
  // SQLite has rolled back by itself after some errors; then this has nothing to do and says so.
  [[maybe_unused]] bool rolled_back = db_.run("ROLLBACK");
  holders_.take_back();
  return fault;
}

Outcome SqliteStore::Engine::apply(const Change& change, ByteWriter& records) {
  Ipv4 address = change.lease.address;
  if (!holders_.allow(change)) {
    auto holder = newest(address, records.view());
    return holder ? Outcome::refused(std::move(*holder))
                  : Outcome::failed(fmt::format("{} has no row for {}", db_.path(), address.to_string()));
  }
  if (change.kind == Change::Kind::forget) {
    if (!holders_.at(address)) return Outcome::done();
    holders_.remove(address);
    write_removal(records, address);
    return Outcome::done();
  }
  holders_.put(address, {change.lease.client, change.lease.expires, last_batch_});
  write_row(records, change.lease);
  const Holder* former = change.frees ? holders_.at(*change.frees) : nullptr;
  if (former && former->client == change.by) {
    holders_.remove(*change.frees);
    write_removal(records, *change.frees);
  }
  return Outcome::done();
}

/// The row of an address that is held. `records`: those of the batch that is being written.
std::optional<Lease> SqliteStore::Engine::newest(Ipv4 address, ByteView records) {
  std::int64_t batch = holders_.at(address)->batch;
  if (batch == in_table) return table_.at(address);
  std::optional<Lease> row;
  for (LeaseRecord& record : batch == last_batch_ ? read_records(records).value() : log_.at(batch)) {
    if (record.address == address) row = std::move(record.row);
  }
  return row;
}

bool SqliteStore::Engine::tidy() {
  return knows_holders_ && log_bytes_ >= log_size_.worth_folding && fold_some() && log_bytes_ > 0;
}

/// The oldest batches go into the table and out of the log, in one transaction. What a later batch tells anew
/// is left to that one. False: it did not work, and nothing was changed.
bool SqliteStore::Engine::fold_some() {
  std::vector<LeaseRecord> newest;
  std::size_t records = 0, bytes = 0;
  std::int64_t through = in_table;
  auto fault = log_.read([&](ChangeLog::Batch batch) {
    records += batch.records.size();
    bytes += batch.bytes;
    through = batch.number;
    for (LeaseRecord& record : batch.records) {
      const Holder* holder = holders_.at(record.address);
      bool is_newest = record.row ? holder && holder->batch == batch.number : !holder;
      if (is_newest) newest.push_back(std::move(record));
    }
    return records < fold_records;
  });
  if (fault || !fold(newest, through)) return false;
  for (const LeaseRecord& record : newest) holders_.folded(record.address);
  log_bytes_ -= std::min(bytes, log_bytes_);
  return true;
}

bool SqliteStore::Engine::fold(std::vector<LeaseRecord>& newest, std::int64_t through) {
  // Neighbours share a page. Of one address the last one written counts.
  std::ranges::stable_sort(newest, {}, &LeaseRecord::address);
  bool done = begin_.run();
  for (auto record = newest.begin(); done && record != newest.end(); ++record)
    done = record->row ? table_.put(*record->row) : table_.remove(record->address);
  done = done && log_.drop_through(through) && end_.run();
  if (!done) [[maybe_unused]]
    bool rolled_back = db_.run("ROLLBACK");
  return done;
}

SqliteStore::SqliteStore(const std::string& state, LogSize log_size)
    : engine_(std::make_unique<Engine>(state, log_size)) {}
SqliteStore::~SqliteStore() = default;

Result<std::vector<Lease>, Fault> SqliteStore::load() {
  return engine_->load();
}

Result<std::vector<Outcome>, Fault> SqliteStore::commit(std::span<const Change> changes) {
  return engine_->commit(changes);
}

bool SqliteStore::tidy() {
  return engine_->tidy();
}

bool is_in_use(const std::string& state) {
  return is_locked(state);
}

Result<std::vector<Lease>, Fault> read_leases(const std::string& state) {
  auto opened = open_to_read(state);
  if (!opened) return opened.error();
  if (!*opened) return std::vector<Lease>{};
  sqlite::Database& db = **opened;
  try {
    LeaseTable table(db);
    ChangeLog changes(db);
    // One view of both: a daemon may move a lease from the one to the other in between.
    if (!db.run("BEGIN")) return db.fault();
    return read_both(table, changes, [](const ChangeLog::Batch&) {});
  } catch (const StartupError&) {  // another schema: no such column
    return Fault{fmt::format("{} was written by another version of slipwayd", db.path()),
                 "start slipwayd once: it brings the file up to date"};
  }
}

}  // namespace slipway::store
