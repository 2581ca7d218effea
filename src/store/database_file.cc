// SPDX-License-Identifier: MPL-2.0
#include "store/database_file.h"

#include <array>
#include <span>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace slipway::store {
namespace {

constexpr mode_t file_mode = 0640;
/// The write-ahead log is written into the database when it has so many pages, and starts anew where it
/// began.
constexpr int wal_pages = 8192;
constexpr off_t wal_size = (wal_pages + 64) * (4096 + 24);

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
    // What became of addresses since the table was written last: one row a transaction, the newest last.
    "CREATE TABLE lease_log (batch INTEGER PRIMARY KEY, changes BLOB NOT NULL) STRICT",
    // What was assigned, and what machines did with it. `who`: machine, group or everyone.
    "CREATE TABLE assignment ("
    "  who TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, image TEXT NOT NULL, version TEXT NOT NULL,"
    "  since INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (who, name, kind)"
    ") STRICT;"
    "CREATE TABLE assignment_history ("
    "  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, who TEXT NOT NULL,"
    "  name TEXT NOT NULL, kind TEXT NOT NULL, image TEXT NOT NULL, version TEXT NOT NULL,"
    "  before INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE boot_once ("
    "  machine TEXT PRIMARY KEY, number INTEGER NOT NULL, profile TEXT NOT NULL, image TEXT NOT NULL,"
    "  version TEXT NOT NULL, variant TEXT NOT NULL, since INTEGER NOT NULL, served INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE machine_record ("
    "  machine TEXT PRIMARY KEY, running TEXT NOT NULL, running_version TEXT NOT NULL,"
    "  running_since INTEGER NOT NULL, good TEXT NOT NULL, good_version TEXT NOT NULL,"
    "  good_since INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE image_pin (image TEXT PRIMARY KEY) STRICT;",
    // Who may use the API, and what was done through it. `expires` 0: never.
    "CREATE TABLE api_token ("
    "  name TEXT PRIMARY KEY, scope TEXT NOT NULL, hash TEXT NOT NULL, created INTEGER NOT NULL,"
    "  expires INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE api_audit ("
    "  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, origin TEXT NOT NULL,"
    "  what TEXT NOT NULL, status INTEGER NOT NULL, outcome TEXT NOT NULL"
    ") STRICT;",
};

/// What receivers of verdicts have not taken yet. Its first version was not counted.
constexpr std::array webhook_migrations{
    "CREATE TABLE IF NOT EXISTS webhook_message ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT, hook TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL"
    ") STRICT",
    "ALTER TABLE webhook_message ADD COLUMN named INTEGER NOT NULL DEFAULT 1",
};

std::string lock_path(const std::string& state) {
  return database_path(state) + ".lock";
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
void prepare_wal(const std::string& path) {
  UniqueFd log(::open((path + "-wal").c_str(), O_WRONLY | O_CLOEXEC));
  struct statvfs disk {};
  bool roomy = log && ::fstatvfs(log.get(), &disk) == 0 &&
               disk.f_bavail * disk.f_frsize > 4 * static_cast<std::uint64_t>(wal_size);
  if (!roomy) return;
  off_t end = ::lseek(log.get(), 0, SEEK_END);
  const std::vector<char> zeros(64 * 1024);
  while (end < wal_size) {
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

void set_durable(sqlite::Database& db) {
  std::string settings = fmt::format(
      "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = {}",
      wal_pages);
  if (!db.run(settings.c_str())) throw StartupError(db.fault().sentence());
}

sqlite::Database open_patient(const std::string& path) {
  sqlite::Database db = sqlite::Database::open(path);
  sqlite3_busy_timeout(db.get(), 1000);
  return db;
}

sqlite::Database open_checked(const std::string& path) {
  sqlite::Database db = open_patient(path);
  if (pragma(db, "PRAGMA journal_mode = WAL") != "wal") {
    throw StartupError(
        fmt::format("{} cannot have a write-ahead log: put the state folder on a local disk", path));
  }
  set_durable(db);
  std::string check = pragma(db, "PRAGMA quick_check(1)");
  if (check != "ok") {
    throw StartupError(
        fmt::format("{} is damaged: {}; restore it from a backup or move it away", path, check));
  }
  return db;
}

void migrate(sqlite::Database& db, std::span<const char* const> steps) {
  sqlite::Statement read(db, "PRAGMA user_version");
  read.step();
  std::int64_t version = read.number(0);
  read.reset();
  if (version > std::ssize(steps)) {
    throw StartupError(
        fmt::format("{} was written by a newer slipwayd (schema {}, this one knows {}): "
                    "install that version again",
                    db.path(), version, steps.size()));
  }
  for (auto at = static_cast<std::size_t>(version); at < steps.size(); ++at) {
    std::string raise = fmt::format("PRAGMA user_version = {}", at + 1);
    bool done = db.run("BEGIN IMMEDIATE") && db.run(steps[at]) && db.run(raise.c_str()) && db.run("COMMIT");
    if (!done) throw StartupError(db.fault().sentence());
  }
}

}  // namespace

std::string database_path(const std::string& state) {
  return state + "/slipway.db";
}

UniqueFd lock_state(const std::string& state) {
  std::string path = lock_path(state);
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

bool is_locked(const std::string& state) {
  UniqueFd lock(::open(lock_path(state).c_str(), O_RDONLY | O_CLOEXEC));
  return lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0;
}

sqlite::Database open_database(const std::string& state) {
  std::string path = database_path(state);
  create(state, path);
  sqlite::Database db = open_checked(path);
  migrate(db, migrations);
  prepare_wal(path);
  return db;
}

Result<std::optional<sqlite::Database>, Fault> open_to_read(const std::string& state) {
  std::string path = database_path(state);
  struct stat file, log;
  if (::stat(path.c_str(), &file) != 0 && errno == ENOENT) return std::optional<sqlite::Database>();
  // A log with something in it was left by a daemon that runs, or that was killed: it must be read, too.
  bool has_log = ::stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0;
  auto db = sqlite::Database::open_to_read(path, !has_log && !is_locked(state));
  if (!db) return db.error();
  return std::optional(std::move(*db));
}

sqlite::Database open_webhooks(const std::string& state) {
  std::string path = state + "/webhooks.db";
  create(state, path);
  sqlite::Database db = open_checked(path);
  migrate(db, webhook_migrations);
  return db;
}

sqlite::Database open_beside(const std::string& state) {
  sqlite::Database db = open_patient(database_path(state));
  set_durable(db);
  return db;
}

}  // namespace slipway::store
