// SPDX-License-Identifier: MPL-2.0
#include "store/access_store.h"

#include <fmt/format.h>

#include "store/database_file.h"

namespace slipway::store {
namespace {

std::int64_t stored(Instant at) {
  return at.time_since_epoch().count();
}
Instant time_at(const sqlite::Statement& row, int column) {
  return Instant{Duration{row.number(column)}};
}

}  // namespace

class AccessStore::Engine {
 public:
  explicit Engine(const std::string& state) : db_(open_beside(state)) {}

  Result<model::Access, Fault> load();
  Result<void, Fault> keep(const model::Token& token);
  Result<void, Fault> revoke(const std::string& name);
  Result<void, Fault> append(std::span<const model::AuditEntry> entries);

 private:
  Result<void, Fault> outcome(bool done) { return done ? Result<void, Fault>{} : db_.fault(); }
  bool write(const model::AuditEntry& entry);

  sqlite::Database db_;
  sqlite::Statement begin_{db_, "BEGIN IMMEDIATE"};
  sqlite::Statement end_{db_, "COMMIT"};
  sqlite::Statement keep_{db_, "REPLACE INTO api_token VALUES (?1, ?2, ?3, ?4, ?5)"};
  sqlite::Statement revoke_{db_, "DELETE FROM api_token WHERE name = ?1"};
  sqlite::Statement append_{db_, "REPLACE INTO api_audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  sqlite::Statement trim_{db_, "DELETE FROM api_audit WHERE number <= ?1"};
};

Result<model::Access, Fault> AccessStore::Engine::load() {
  model::Access access;
  sqlite::Statement tokens(db_, "SELECT name, scope, hash, created, expires FROM api_token ORDER BY name");
  int code;
  while ((code = tokens.step()) == SQLITE_ROW) {
    auto scope = model::parse_scope(tokens.text(1));
    if (!scope)
      return Fault{fmt::format("{} holds a token that this slipwayd does not understand", db_.path()),
                   "install the version that wrote it, or delete that row with sqlite3"};
    model::Token token{
        std::string(tokens.text(0)), *scope, std::string(tokens.text(2)), time_at(tokens, 3), {}};
    if (tokens.number(4) != 0) token.expires = time_at(tokens, 4);
    access.tokens.push_back(std::move(token));
  }
  if (code != SQLITE_DONE) return db_.fault();
  sqlite::Statement audit(
      db_, "SELECT number, at, who, origin, what, status, outcome FROM api_audit ORDER BY number");
  while ((code = audit.step()) == SQLITE_ROW) {
    access.audit.push_back({static_cast<std::uint64_t>(audit.number(0)), time_at(audit, 1),
                            std::string(audit.text(2)), std::string(audit.text(3)),
                            std::string(audit.text(4)), static_cast<int>(audit.number(5)),
                            std::string(audit.text(6))});
  }
  if (code != SQLITE_DONE) return db_.fault();
  return access;
}

Result<void, Fault> AccessStore::Engine::keep(const model::Token& token) {
  keep_.bind(1, std::string_view(token.name));
  keep_.bind(2, model::to_string(token.scope));
  keep_.bind(3, std::string_view(token.hash));
  keep_.bind(4, stored(token.created));
  keep_.bind(5, token.expires ? stored(*token.expires) : 0);
  return outcome(keep_.run());
}

Result<void, Fault> AccessStore::Engine::revoke(const std::string& name) {
  revoke_.bind(1, std::string_view(name));
  return outcome(revoke_.run());
}

bool AccessStore::Engine::write(const model::AuditEntry& entry) {
  append_.bind(1, static_cast<std::int64_t>(entry.number));
  append_.bind(2, stored(entry.at));
  append_.bind(3, std::string_view(entry.who));
  append_.bind(4, std::string_view(entry.from));
  append_.bind(5, std::string_view(entry.what));
  append_.bind(6, std::int64_t{entry.status});
  append_.bind(7, std::string_view(entry.outcome));
  return append_.run();
}

Result<void, Fault> AccessStore::Engine::append(std::span<const model::AuditEntry> entries) {
  if (entries.empty()) return {};
  bool done = begin_.run();
  for (const model::AuditEntry& entry : entries) done = done && write(entry);
  trim_.bind(1,
             static_cast<std::int64_t>(entries.back().number) - static_cast<std::int64_t>(model::most_audit));
  done = done && trim_.run() && end_.run();
  if (done) return {};
  Fault fault = db_.fault();
  [[maybe_unused]] bool rolled_back = db_.run("ROLLBACK");  // SQLite may have done so by itself
  return fault;
}

AccessStore::AccessStore(const std::string& state) : engine_(std::make_unique<Engine>(state)) {}
AccessStore::~AccessStore() = default;

Result<model::Access, Fault> AccessStore::load() {
  return engine_->load();
}
Result<void, Fault> AccessStore::keep(const model::Token& token) {
  return engine_->keep(token);
}
Result<void, Fault> AccessStore::revoke(const std::string& name) {
  return engine_->revoke(name);
}
Result<void, Fault> AccessStore::append(std::span<const model::AuditEntry> entries) {
  return engine_->append(entries);
}

}  // namespace slipway::store
