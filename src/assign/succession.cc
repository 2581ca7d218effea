// SPDX-License-Identifier: MPL-2.0
#include "assign/succession.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace slipway::assign {
namespace {

using model::Assignee;
using model::Assignment;

void hand_over(const State& state, const std::string& from, const std::string& to, Changes& changes) {
  for (const Assignment* made : state.assignments.all()) {
    if (made->to != Assignee{Assignee::Kind::machine, from}) continue;
    Assignment named = *made;
    named.to.name = to;
    if (!state.assignments.find(named.to, made->kind)) changes.push_back(std::move(named));
    changes.push_back(TakeBack{made->to, made->kind});
  }
  if (const model::BootOnce* once = state.assignments.once(from)) {
    model::BootOnce named = *once;
    named.machine = to;
    changes.push_back(OnceDone{from, once->number});
    if (!state.assignments.once(to)) changes.push_back(std::move(named));
  }
  if (const MachineRecord* known = state.machine(from)) {
    MachineRecord named = *known;
    named.machine = to;
    if (!state.machine(to)) changes.push_back(std::move(named));
    changes.push_back(Forget{from});
  }
}

bool is_known(const Assignee& to, const model::Plan& plan) {
  switch (to.kind) {
    case Assignee::Kind::everyone:
      return true;
    case Assignee::Kind::machine:
      return MacAddress::parse(to.name) || plan.find_machine(to.name);
    case Assignee::Kind::group:
      return std::ranges::any_of(plan.groups(),
                                 [&](const model::Group& group) { return group.name == to.name; });
  }
  return true;
}

}  // namespace

Changes succession(const State& state, const model::Plan& plan) {
  std::set<std::string> known;
  for (const Assignment* made : state.assignments.all()) {
    if (made->to.kind == Assignee::Kind::machine) known.insert(made->to.name);
  }
  for (const auto& [machine, once] : state.assignments.onces()) known.insert(machine);
  for (const auto& [machine, record] : state.machines) known.insert(machine);
  Changes changes;
  for (const std::string& key : known) {
    auto mac = MacAddress::parse(key);
    const model::Machine* named = mac ? plan.machine(*mac) : nullptr;
    if (named && !named->name.empty() && named->name != key) hand_over(state, key, named->name, changes);
  }
  return changes;
}

bool stands_for(const State& state, const Assignee& to) {
  return std::ranges::any_of(state.assignments.all(), [&](const Assignment* made) { return made->to == to; });
}

Problems ownerless(const State& state, const model::Plan& plan) {
  Problems problems;
  for (const Assignment* made : state.assignments.all()) {
    if (is_known(made->to, plan)) continue;
    std::string remedy = made->to.kind == Assignee::Kind::group
                             ? fmt::format("`slipway image unassign --group {}`", made->to.name)
                             : fmt::format("`slipway machine forget {}`", made->to.name);
    problems.push_back({plan.server().place,
                        fmt::format("{}@{} is assigned to {}, which the configuration does not name",
                                    to_string(made->kind), made->version, made->to.to_string()),
                        remedy + ", or give the name back", Severity::warning});
  }
  return problems;
}

}  // namespace slipway::assign
