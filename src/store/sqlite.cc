// SPDX-License-Identifier: MPL-2.0
#include "store/sqlite.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

namespace slipway::store::sqlite {
namespace {

bool is_full(const std::string& path) {
  struct statvfs disk {};
  return ::statvfs(path.c_str(), &disk) == 0 && disk.f_bavail == 0;
}

Fault explain(int code, const std::string& path, const char* detail) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {fmt::format("the disk with {} is full", path), "free some space there"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {fmt::format("{} is locked by another program", path), "end that program"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {fmt::format("{} cannot be written", path), "give this user the right to write there"};
    case SQLITE_IOERR:
      // SQLite tells a full disk as such only where it writes the database itself.
      if (is_full(path)) return explain(SQLITE_FULL, path, detail);
      return {fmt::format("{} cannot be read or written: {}", path, detail), "check the disk and its quota"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {fmt::format("{} is damaged: {}", path, detail), "restore it from a backup or move it away"};
    default:
      return {fmt::format("{}: {}", path, detail), ""};
  }
}

}  // namespace

Database Database::open(const std::string& path) {
  // Nobody reads its statistics of memory, and they cost a lock at every allocation. Too late, and of no
  // matter, when another database is open already.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  Database database;
  database.path_ = path;
  sqlite3* db = nullptr;
  // One thread at a time uses a connection: SQLite needs no mutex of its own.
  int code = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database.db_.reset(db);
  if (code != SQLITE_OK) throw StartupError(explain(code, path, sqlite3_errstr(code)).sentence());
  sqlite3_extended_result_codes(db, 1);
  return database;
}

Result<Database, Fault> Database::open_to_read(const std::string& path, bool still) {
  Database database;
  database.path_ = path;
  std::string uri = "file:";
  for (char c : path)
    uri += std::string_view("?#%").find(c) == std::string_view::npos
               ? std::string(1, c)
               : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  uri += still ? "?mode=ro&immutable=1" : "?mode=ro";
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(uri.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                             nullptr);
  database.db_.reset(db);
  if (code == SQLITE_CANTOPEN) return Fault{fmt::format("{} cannot be read", path), "run as root"};
  if (code != SQLITE_OK) return explain(code, path, sqlite3_errstr(code));
  return database;
}

bool Database::run(const char* sql) {
  return sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Fault Database::fault() const {
  return explain(sqlite3_errcode(db_.get()), path_, sqlite3_errmsg(db_.get()));
}

Statement::Statement(Database& db, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v3(db.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (code != SQLITE_OK) throw StartupError(db.fault().sentence());
}

void Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
}

void Statement::bind(int index, ByteView bytes) {
  const void* data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());  // null would be NULL
  sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_STATIC);
}

void Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

ByteView Statement::bytes(int column) const {
  auto data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace slipway::store::sqlite
