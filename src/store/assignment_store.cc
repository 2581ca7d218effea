// SPDX-License-Identifier: MPL-2.0
#include "store/assignment_store.h"

#include <fmt/format.h>

#include "base/cases.h"
#include "store/database_file.h"

namespace slipway::store {
namespace {

using assign::Change;
using assign::State;

std::int64_t stored(Instant at) {
  return at.time_since_epoch().count();
}
Instant time_at(const sqlite::Statement& row, int column) {
  return Instant{Duration{row.number(column)}};
}
std::int64_t stored(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}
std::uint64_t number_at(const sqlite::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.number(column));
}
std::string text_at(const sqlite::Statement& row, int column) {
  return std::string(row.text(column));
}

/// Columns `first` and after: who, name, kind. Nothing for what this program did not write.
bool read_key(const sqlite::Statement& row, int first, model::Assignee& to, model::ImageKind& kind) {
  auto who = model::parse_assignee_kind(row.text(first));
  auto of = model::parse_image_kind(row.text(first + 2));
  if (!who || !of) return false;
  to = {*who, text_at(row, first + 1)};
  kind = *of;
  return true;
}

std::optional<Change> assignment_of(const sqlite::Statement& row) {
  model::Assignment made;
  if (!read_key(row, 0, made.to, made.kind)) return std::nullopt;
  made.image = text_at(row, 3);
  made.version = text_at(row, 4);
  made.since = time_at(row, 5);
  made.entry = number_at(row, 6);
  return made;
}

std::optional<Change> entry_of(const sqlite::Statement& row) {
  assign::HistoryEntry entry;
  auto action = assign::parse_action(row.text(2));
  if (!action || !read_key(row, 3, entry.to, entry.kind)) return std::nullopt;
  entry.number = number_at(row, 0);
  entry.at = time_at(row, 1);
  entry.action = *action;
  entry.image = text_at(row, 6);
  entry.version = text_at(row, 7);
  entry.before = number_at(row, 8);
  return entry;
}

std::optional<Change> once_of(const sqlite::Statement& row) {
  model::BootOnce once;
  auto variant = model::parse_variant(row.text(5));
  if (!variant) return std::nullopt;
  once.machine = text_at(row, 0);
  once.number = number_at(row, 1);
  once.profile = text_at(row, 2);
  once.image = text_at(row, 3);
  once.image_version = text_at(row, 4);
  once.variant = *variant;
  once.since = time_at(row, 6);
  once.served = row.number(7) != 0;
  return once;
}

std::optional<Change> record_of(const sqlite::Statement& row) {
  assign::MachineRecord record;
  record.machine = text_at(row, 0);
  record.running = text_at(row, 1);
  record.running_version = text_at(row, 2);
  record.running_since = time_at(row, 3);
  record.good = text_at(row, 4);
  record.good_version = text_at(row, 5);
  record.good_since = time_at(row, 6);
  return record;
}

std::optional<Change> pin_of(const sqlite::Statement& row) {
  return assign::Pin{text_at(row, 0)};
}

struct Table {
  const char* rows;
  std::optional<Change> (*read)(const sqlite::Statement&);
};
constexpr Table tables[] = {
    {"SELECT who, name, kind, image, version, since, entry FROM assignment", assignment_of},
    {"SELECT number, at, action, who, name, kind, image, version, before FROM assignment_history"
     " ORDER BY number",
     entry_of},
    {"SELECT machine, number, profile, image, version, variant, since, served FROM boot_once", once_of},
    {"SELECT machine, running, running_version, running_since, good, good_version, good_since"
     " FROM machine_record",
     record_of},
    {"SELECT image FROM image_pin", pin_of},
};

Result<State, Fault> read_all(sqlite::Database& db) {
  State state;
  for (const Table& table : tables) {
    sqlite::Statement rows(db, table.rows);
    int code;
    while ((code = rows.step()) == SQLITE_ROW) {
      auto change = table.read(rows);
      if (!change)
        return Fault{fmt::format("{} holds an assignment that this slipwayd does not understand", db.path()),
                     "install the version that wrote it, or delete that row with sqlite3"};
      assign::apply(state, *change);
    }
    if (code != SQLITE_DONE) return db.fault();
  }
  return state;
}

}  // namespace

class AssignmentStore::Engine {
 public:
  explicit Engine(const std::string& state) : db_(open_beside(state)) {}

  Result<State, Fault> load() { return read_all(db_); }
  Result<void, Fault> commit(std::span<const Change> changes);

 private:
  bool write(const Change& change);

  sqlite::Database db_;
  sqlite::Statement begin_{db_, "BEGIN IMMEDIATE"};
  sqlite::Statement end_{db_, "COMMIT"};
  sqlite::Statement assign_{db_, "REPLACE INTO assignment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  sqlite::Statement take_back_{db_, "DELETE FROM assignment WHERE who = ?1 AND name = ?2 AND kind = ?3"};
  sqlite::Statement entry_{db_,
                           "REPLACE INTO assignment_history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"};
  sqlite::Statement trim_{db_, "DELETE FROM assignment_history WHERE number <= ?1"};
  sqlite::Statement once_{db_, "REPLACE INTO boot_once VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};
  sqlite::Statement done_{db_, "DELETE FROM boot_once WHERE machine = ?1 AND number = ?2"};
  sqlite::Statement record_{db_, "REPLACE INTO machine_record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  sqlite::Statement forget_{db_, "DELETE FROM machine_record WHERE machine = ?1"};
  sqlite::Statement pin_{db_, "REPLACE INTO image_pin VALUES (?1)"};
  sqlite::Statement unpin_{db_, "DELETE FROM image_pin WHERE image = ?1"};
};

namespace {

// Texts are bound as they stand: they are of the change, or constant.
void set(sqlite::Statement& to, int index, std::string_view text) {
  to.bind(index, text);
}
void set(sqlite::Statement& to, int index, Instant at) {
  to.bind(index, stored(at));
}
void set(sqlite::Statement& to, int index, std::uint64_t number) {
  to.bind(index, stored(number));
}

template <typename... Values>
bool run(sqlite::Statement& statement, const Values&... values) {
  int index = 0;
  (set(statement, ++index, values), ...);
  return statement.run();
}

}  // namespace

bool AssignmentStore::Engine::write(const Change& change) {
  return std::visit(
      Cases{
          [&](const model::Assignment& a) {
            return run(assign_, model::to_string(a.to.kind), a.to.name, model::to_string(a.kind), a.image,
                       a.version, a.since, a.entry);
          },
          [&](const assign::TakeBack& b) {
            return run(take_back_, model::to_string(b.to.kind), b.to.name, model::to_string(b.kind));
          },
          [&](const assign::HistoryEntry& e) {
            bool written =
                run(entry_, e.number, e.at, assign::to_string(e.action), model::to_string(e.to.kind),
                    e.to.name, model::to_string(e.kind), e.image, e.version, e.before);
            if (!written || e.number <= assign::most_history) return written;
            return run(trim_, e.number - assign::most_history);
          },
          [&](const model::BootOnce& o) {
            return run(once_, o.machine, o.number, o.profile, o.image, o.image_version,
                       model::to_string(o.variant), o.since, std::uint64_t{o.served});
          },
          [&](const assign::OnceDone& d) { return run(done_, d.machine, d.number); },
          [&](const assign::MachineRecord& r) {
            return run(record_, r.machine, r.running, r.running_version, r.running_since, r.good,
                       r.good_version, r.good_since);
          },
          [&](const assign::Forget& f) { return run(forget_, f.machine); },
          [&](const assign::Pin& p) { return run(pin_, p.image); },
          [&](const assign::Unpin& u) { return run(unpin_, u.image); },
      },
      change);
}

Result<void, Fault> AssignmentStore::Engine::commit(std::span<const Change> changes) {
  bool done = begin_.run();
  for (const Change& change : changes) done = done && write(change);
  done = done && end_.run();
  if (done) return {};
  Fault fault = db_.fault();
  // SQLite has rolled back by itself after some errors; then this has nothing to do and says so.
  [[maybe_unused]] bool rolled_back = db_.run("ROLLBACK");
  return fault;
}

AssignmentStore::AssignmentStore(const std::string& state) : engine_(std::make_unique<Engine>(state)) {}
AssignmentStore::~AssignmentStore() = default;

Result<State, Fault> AssignmentStore::load() {
  return engine_->load();
}
Result<void, Fault> AssignmentStore::commit(std::span<const Change> changes) {
  return engine_->commit(changes);
}

Result<State, Fault> read_assignments(const std::string& state) {
  auto opened = open_to_read(state);
  if (!opened) return opened.error();
  if (!*opened) return State{};
  sqlite::Database& db = **opened;
  try {
    sqlite::Statement version(db, "PRAGMA user_version");
    if (version.step() != SQLITE_ROW) return db.fault();
    if (version.number(0) < first_schema_with_assignments) return State{};
    version.reset();
    if (!db.run("BEGIN")) return db.fault();  // one view of all tables
    return read_all(db);
  } catch (const StartupError&) {  // another schema: no such column
    return Fault{fmt::format("{} was written by another version of slipwayd", db.path()),
                 "install that version"};
  }
}

}  // namespace slipway::store
