// SPDX-License-Identifier: MPL-2.0
#include "assign/state.h"

#include <algorithm>
#include <array>

#include "base/cases.h"

namespace slipway::assign {
namespace {

constexpr std::array<std::pair<Action, std::string_view>, 3> actions{{
    {Action::assigned, "assigned"},
    {Action::rolled_back, "rolled_back"},
    {Action::taken_back, "taken_back"},
}};

}  // namespace

std::string_view to_string(Action action) {
  return actions[static_cast<std::size_t>(action)].second;
}

std::optional<Action> parse_action(std::string_view text) {
  for (auto& [action, name] : actions) {
    if (name == text) return action;
  }
  return std::nullopt;
}

const HistoryEntry* State::entry(std::uint64_t number) const {
  auto found = history.find(number);
  return found == history.end() ? nullptr : &found->second;
}

const HistoryEntry* State::before(const model::Assignment& assignment) const {
  const HistoryEntry* set_by = entry(assignment.entry);
  return set_by ? entry(set_by->before) : nullptr;
}

const MachineRecord* State::machine(std::string_view key) const {
  auto found = machines.find(key);
  return found == machines.end() ? nullptr : &found->second;
}

void apply(State& state, const Change& change) {
  std::visit(
      Cases{
          [&](const model::Assignment& made) { state.assignments.put(made); },
          [&](const TakeBack& back) { state.assignments.remove(back.to, back.kind); },
          [&](const HistoryEntry& entry) {
            state.history.insert_or_assign(entry.number, entry);
            if (state.history.size() > most_history) state.history.erase(state.history.begin());
          },
          [&](const model::BootOnce& once) {
            state.last_once = std::max(state.last_once, once.number);
            state.assignments.put(once);
          },
          [&](const OnceDone& done) {
            const model::BootOnce* once = state.assignments.once(done.machine);
            if (once && once->number == done.number) state.assignments.remove_once(done.machine);
          },
          [&](const MachineRecord& record) { state.machines.insert_or_assign(record.machine, record); },
          [&](const Forget& forget) { state.machines.erase(forget.machine); },
          [&](const Pin& pin) { state.pins.insert(pin.image); },
          [&](const Unpin& unpin) { state.pins.erase(unpin.image); },
      },
      change);
}

}  // namespace slipway::assign
