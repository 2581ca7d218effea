// SPDX-License-Identifier: MPL-2.0
#include "store/sqlite_store.h"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/unique_fd.h"
#include "store/sqlite.h"

namespace slipway::store {

using lease::Change;
using lease::Lease;
using lease::Outcome;

namespace {

constexpr mode_t file_mode = 0640;
/// The log is written into the database when it has so many pages, and starts anew where it began.
constexpr int log_pages = 8192;
constexpr off_t log_size = (log_pages + 64) * (4096 + 24);

// What makes each version of the schema from the one before; user_version counts those applied.
// A version that was released is never changed. Times are microseconds since the epoch.
constexpr std::array migrations{
    "CREATE TABLE lease ("
    "  address   INTEGER PRIMARY KEY,"
    "  client    BLOB NOT NULL,"  // ClientKey::stored; empty: in quarantine, nobody's
    "  mac       BLOB NOT NULL CHECK (length(mac) = 6),"
    "  client_id BLOB NOT NULL,"
    "  hostname  BLOB NOT NULL,"  // strangers' bytes, not necessarily text
    "  subnet    TEXT NOT NULL,"
    "  granted   INTEGER NOT NULL,"
    "  expires   INTEGER NOT NULL,"
    // Not IN (...): for a list of three SQLite makes a table of its own each time it checks a row.
    "  state     TEXT NOT NULL CHECK (state = 'active' OR state = 'released' OR state = 'declined')"
    ") STRICT",
    "ALTER TABLE lease ADD COLUMN relay BLOB NOT NULL DEFAULT x''",  // option 82 as its relay sent it last
};

// Of these two the one that the change's hint speaks for is tried first; the other where none was changed.
constexpr const char* change_sql =
    "UPDATE lease SET client = ?2, mac = ?3, client_id = ?4, hostname = ?5, subnet = ?6, granted = ?7,"
    "  expires = ?8, state = ?9, relay = ?11"
    " WHERE address = ?1 AND (client = ?10 OR expires <= ?7)";
constexpr const char* add_sql =
    "INSERT INTO lease (address, client, mac, client_id, hostname, subnet, granted, expires, state, relay)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?11) ON CONFLICT (address) DO NOTHING";
constexpr const char* forget_sql = "DELETE FROM lease WHERE address = ?1 AND (client = ?2 OR expires <= ?3)";
constexpr const char* free_sql = "DELETE FROM lease WHERE address = ?1 AND client = ?2";
constexpr const char* columns =
    "SELECT address, client, mac, client_id, hostname, subnet, granted, expires, state, relay FROM lease";

std::int64_t stored_time(Instant at) {
  return at.time_since_epoch().count();
}

/// A row as a lease; nothing for one this program did not write.
std::optional<Lease> lease_of(const sqlite::Statement& row) {
  auto client = lease::ClientKey::from_stored(row.bytes(1));
  auto subnet = Prefix::parse(row.text(5));
  auto state = lease::state_from(row.text(8));
  ByteView mac = row.bytes(2), client_id = row.bytes(3), relay = row.bytes(9);
  bool address_fits = row.number(0) >= 0 && row.number(0) <= 0xffffffff;
  if (!client || !subnet || !state || mac.size() != 6 || !address_fits) return std::nullopt;

  Lease lease;
  lease.address = {static_cast<std::uint32_t>(row.number(0))};
  lease.client = *client;
  std::copy(mac.begin(), mac.end(), lease.mac.bytes.begin());
  lease.client_id.assign(client_id.begin(), client_id.end());
  lease.relay.assign(relay.begin(), relay.end());
  lease.hostname = row.text(4);
  lease.subnet = *subnet;
  lease.granted = Instant{Duration{row.number(6)}};
  lease.expires = Instant{Duration{row.number(7)}};
  lease.state = *state;
  return lease;
}

/// Keeps a second daemon out until closed.
UniqueFd lock(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, file_mode));
  if (!fd) {
    throw StartupError(
        fmt::format("cannot write {}: make the state folder and let this user write in it", path));
  }
  // One that was killed a moment ago may still be on its way out.
  for (int tries = 20; ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0; --tries) {
    if (tries == 0)
      throw StartupError(fmt::format("{} is held by another running slipwayd: stop that one first", path));
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return fd;
}

/// Makes the file with our mode; SQLite gives its side files the same one. The folder is synced, so
/// that a new file survives with the first lease in it.
void create(const std::string& state, const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, file_mode));
  if (!file) throw StartupError(fmt::format("cannot write {}: let this user write there", path));
  UniqueFd folder(::open(state.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) ::fsync(folder.get());
}

/// Gives the write-ahead log its blocks before they are needed. A sync of a file that grows commits the file
/// system's journal, and with it waits for what other programs write: up to 0.2 s were seen, where a sync of
/// blocks that are there takes 40 us. What follows the last valid frame means nothing to SQLite. A disk that
/// is nearly full keeps its last room for leases.
void prepare_log(const std::string& path) {
  UniqueFd log(::open((path + "-wal").c_str(), O_WRONLY | O_CLOEXEC));
  struct statvfs disk {};
  bool roomy = log && ::fstatvfs(log.get(), &disk) == 0 &&
               disk.f_bavail * disk.f_frsize > 4 * static_cast<std::uint64_t>(log_size);
  if (!roomy) return;
  off_t end = ::lseek(log.get(), 0, SEEK_END);
  const std::vector<char> zeros(64 * 1024);
  while (end < log_size) {
    ssize_t written = ::write(log.get(), zeros.data(), zeros.size());
    if (written <= 0) return;  // no space for it: SQLite will say so when it needs some
    end += written;
  }
  ::fsync(log.get());
}

std::string pragma(sqlite::Database& db, const char* sql) {
  sqlite::Statement statement(db, sql);
  if (statement.step() != SQLITE_ROW) throw StartupError(db.fault().sentence());
  return std::string(statement.text(0));
}

sqlite::Database open_checked(const std::string& path) {
  sqlite::Database db = sqlite::Database::open(path);
  sqlite3_busy_timeout(db.get(), 1000);
  if (pragma(db, "PRAGMA journal_mode = WAL") != "wal") {
    throw StartupError(
        fmt::format("{} cannot have a write-ahead log: put the state folder on a local disk", path));
  }
  std::string settings = fmt::format(
      "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = {}",
      log_pages);
  if (!db.run(settings.c_str())) {
    throw StartupError(db.fault().sentence());
  }
  std::string check = pragma(db, "PRAGMA quick_check(1)");
  if (check != "ok") {
    throw StartupError(
        fmt::format("{} is damaged: {}; restore it from a backup or move it away", path, check));
  }
  return db;
}

void migrate(sqlite::Database& db) {
  sqlite::Statement read(db, "PRAGMA user_version");
  read.step();
  std::int64_t version = read.number(0);
  read.reset();
  if (version > std::ssize(migrations)) {
    throw StartupError(
        fmt::format("{} was written by a newer slipwayd (schema {}, this one knows {}): "
                    "install that version again",
                    db.path(), version, migrations.size()));
  }
  for (auto at = static_cast<std::size_t>(version); at < migrations.size(); ++at) {
    std::string raise = fmt::format("PRAGMA user_version = {}", at + 1);
    bool done =
        db.run("BEGIN IMMEDIATE") && db.run(migrations[at]) && db.run(raise.c_str()) && db.run("COMMIT");
    if (!done) throw StartupError(db.fault().sentence());
  }
}

/// Every row of `all`, or the first that this program did not write.
Result<std::vector<Lease>, Fault> read_all(sqlite::Database& db, sqlite::Statement& all) {
  std::vector<Lease> leases;
  int code = SQLITE_ROW;
  std::optional<Fault> fault;
  while (!fault && (code = all.step()) == SQLITE_ROW) {
    if (auto lease = lease_of(all)) {
      leases.push_back(std::move(*lease));
    } else {
      fault = Fault{
          fmt::format("the row with address {} in {} is not one slipwayd wrote", all.number(0), db.path()),
          "delete it with sqlite3"};
    }
  }
  if (!fault && code != SQLITE_DONE) fault = db.fault();
  all.reset();
  if (fault) return *fault;
  return leases;
}

}  // namespace

class SqliteStore::Connection {
 public:
  explicit Connection(const std::string& state)
      : lock_(lock(state + "/slipway.db.lock")), db_(prepared(state)) {}

  Result<std::vector<Lease>, Fault> load();
  Result<std::vector<Outcome>, Fault> commit(std::span<const Change> changes);

 private:
  static sqlite::Database prepared(const std::string& state) {
    std::string path = state + "/slipway.db";
    create(state, path);
    sqlite::Database db = open_checked(path);
    migrate(db);
    prepare_log(path);
    return db;
  }

  /// Prepared once, as all that runs for every commit.
  static bool run(sqlite::Statement& statement) {
    bool done = statement.step() == SQLITE_DONE;
    statement.reset();
    return done;
  }
  /// What happened to one change; nothing when the database failed.
  std::optional<Outcome> apply(const Change& change);
  bool put(const Change& change);
  bool put_by(sqlite::Statement& statement, const Change& change);
  bool forget(const Change& change);
  bool free_former(const Change& change);
  std::optional<Outcome> refused_by(Ipv4 address);

  UniqueFd lock_;
  sqlite::Database db_;
  sqlite::Statement all_{db_, fmt::format("{} ORDER BY address", columns).c_str()};
  sqlite::Statement one_{db_, fmt::format("{} WHERE address = ?1", columns).c_str()};
  sqlite::Statement change_{db_, change_sql};
  sqlite::Statement add_{db_, add_sql};
  sqlite::Statement forget_{db_, forget_sql};
  sqlite::Statement free_{db_, free_sql};
  sqlite::Statement begin_{db_, "BEGIN IMMEDIATE"};
  sqlite::Statement end_{db_, "COMMIT"};
  Prefix subnet_;  // that of the lease written last, and its text: mostly the next one's, too
  std::string subnet_text_ = subnet_.to_string();
};

Result<std::vector<Lease>, Fault> SqliteStore::Connection::load() {
  return read_all(db_, all_);
}

Result<std::vector<Outcome>, Fault> SqliteStore::Connection::commit(std::span<const Change> changes) {
  if (!run(begin_)) return db_.fault();
  std::vector<Outcome> outcomes;
  outcomes.reserve(changes.size());
  for (const Change& change : changes) {
    auto outcome = apply(change);
    if (!outcome) break;
    outcomes.push_back(std::move(*outcome));
  }
  if (outcomes.size() == changes.size() && run(end_)) return outcomes;

  Fault fault = db_.fault();
  // SQLite has rolled back by itself after some errors; then this has nothing to do and says so.
  [[maybe_unused]] bool rolled_back = db_.run("ROLLBACK");
  return fault;
}

std::optional<Outcome> SqliteStore::Connection::apply(const Change& change) {
  bool written = change.kind == Change::Kind::forget ? forget(change) : put(change);
  if (!written) return std::nullopt;
  if (db_.changes() == 0) return refused_by(change.lease.address);
  if (change.frees && !free_former(change)) return std::nullopt;
  return Outcome::done();
}

bool SqliteStore::Connection::put(const Change& change) {
  sqlite::Statement& first = change.unheard_of ? add_ : change_;
  sqlite::Statement& second = change.unheard_of ? change_ : add_;
  return put_by(first, change) && (db_.changes() > 0 || put_by(second, change));
}

bool SqliteStore::Connection::put_by(sqlite::Statement& statement, const Change& change) {
  const Lease& lease = change.lease;
  if (lease.subnet != subnet_) {
    subnet_ = lease.subnet;
    subnet_text_ = subnet_.to_string();
  }
  statement.bind(1, std::int64_t{lease.address.value});
  statement.bind(2, lease.client.stored());
  statement.bind(3, lease.mac.bytes);
  statement.bind(4, lease.client_id);
  statement.bind(5, as_bytes(lease.hostname));
  statement.bind(6, std::string_view(subnet_text_));
  statement.bind(7, stored_time(lease.granted));
  statement.bind(8, stored_time(lease.expires));
  statement.bind(9, lease::to_string(lease.state));
  statement.bind(10, change.by.stored());
  statement.bind(11, lease.relay);
  return run(statement);
}

bool SqliteStore::Connection::forget(const Change& change) {
  forget_.bind(1, std::int64_t{change.lease.address.value});
  forget_.bind(2, change.by.stored());
  forget_.bind(3, stored_time(change.lease.granted));
  return run(forget_);
}

bool SqliteStore::Connection::free_former(const Change& change) {
  free_.bind(1, std::int64_t{change.frees->value});
  free_.bind(2, change.by.stored());
  return run(free_);
}

std::optional<Outcome> SqliteStore::Connection::refused_by(Ipv4 address) {
  one_.bind(1, std::int64_t{address.value});
  int code = one_.step();
  std::optional<Outcome> outcome;
  if (code == SQLITE_DONE) outcome = Outcome::done();  // forget what is not there: nothing to do
  if (code == SQLITE_ROW) {
    if (auto holder = lease_of(one_)) outcome = Outcome::refused(std::move(*holder));
  }
  one_.reset();
  return outcome;
}

SqliteStore::SqliteStore(const std::string& state) : db_(std::make_unique<Connection>(state)) {}
SqliteStore::~SqliteStore() = default;

bool is_in_use(const std::string& state) {
  UniqueFd lock(::open((state + "/slipway.db.lock").c_str(), O_RDONLY | O_CLOEXEC));
  return lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0;
}

Result<std::vector<Lease>, Fault> read_leases(const std::string& state) {
  std::string path = state + "/slipway.db";
  struct stat file, log;
  if (::stat(path.c_str(), &file) != 0 && errno == ENOENT) return std::vector<Lease>{};
  // A log with something in it was left by a daemon that runs, or that was killed: it must be read, too.
  bool has_log = ::stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0;
  auto db = sqlite::Database::open_to_read(path, !has_log && !is_in_use(state));
  if (!db) return db.error();
  try {
    sqlite::Statement all(*db, fmt::format("{} ORDER BY address", columns).c_str());
    return read_all(*db, all);
  } catch (const StartupError&) {  // another schema: no such column
    return Fault{fmt::format("{} was written by another version of slipwayd", path),
                 "start slipwayd once: it brings the file up to date"};
  }
}

Result<std::vector<Lease>, Fault> SqliteStore::load() {
  return db_->load();
}

Result<std::vector<Outcome>, Fault> SqliteStore::commit(std::span<const Change> changes) {
  return db_->commit(changes);
}

}  // namespace slipway::store
