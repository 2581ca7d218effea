// SPDX-License-Identifier: MPL-2.0
// What is decided and learned while the server runs and must survive it: assignments and their history, boots
// ordered once, what each machine runs and last came up with, pinned images. And the changes of it: whoever
// decides makes some, a store makes them durable, then `apply` puts them in force. Values; one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "model/assignment.h"

namespace slipway::assign {

enum class Action { assigned, rolled_back, taken_back };
std::string_view to_string(Action action);  ///< "rolled_back"
std::optional<Action> parse_action(std::string_view text);

struct HistoryEntry {
  std::uint64_t number = 0;  ///< from 1, never reused
  Instant at{};
  Action action = Action::assigned;
  model::Assignee to;
  model::ImageKind kind = model::ImageKind::smartos;
  std::string image;         ///< whole id; empty: from then on the file says what is booted
  std::string version;       ///< of the image
  std::uint64_t before = 0;  ///< the entry that was in force until then; 0: the file
};

/// What a machine was seen to boot. It is told by what was delivered to it, not by what was decided.
struct MachineRecord {
  std::string machine;                   ///< model::machine_key
  std::string running, running_version;  ///< kernel and archive were delivered whole; empty: never seen
  Instant running_since{};
  std::string good, good_version;  ///< its operating system came up with it; empty: none did
  Instant good_since{};
  friend bool operator==(const MachineRecord&, const MachineRecord&) = default;
};

struct TakeBack {
  model::Assignee to;
  model::ImageKind kind;
};
/// Of this number alone: a newer order for the machine stays.
struct OnceDone {
  std::string machine;
  std::uint64_t number = 0;
};
struct Forget {
  std::string machine;
};
struct Pin {
  std::string image;
};
struct Unpin {
  std::string image;
};
using Change = std::variant<model::Assignment, TakeBack, HistoryEntry, model::BootOnce, OnceDone,
                            MachineRecord, Forget, Pin, Unpin>;
using Changes = std::vector<Change>;

/// Older entries are forgotten; nobody rolls back so far.
inline constexpr std::size_t most_history = 4096;
/// Machines that the file does not name may be made up; those heard of for longest ago are forgotten.
inline constexpr std::size_t most_machines = 65536;

struct State {
  model::Assignments assignments;
  std::map<std::uint64_t, HistoryEntry> history;
  std::map<std::string, MachineRecord, std::less<>> machines;
  std::set<std::string> pins;  ///< image ids
  std::uint64_t last_once = 0;

  std::uint64_t next_entry() const { return history.empty() ? 1 : history.rbegin()->first + 1; }
  const HistoryEntry* entry(std::uint64_t number) const;
  /// What a rollback of this assignment would bring back; null: what the file says.
  const HistoryEntry* before(const model::Assignment& assignment) const;
  const MachineRecord* machine(std::string_view key) const;
};

void apply(State& state, const Change& change);

}  // namespace slipway::assign
