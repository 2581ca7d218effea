// SPDX-License-Identifier: MPL-2.0
#include "model/assignment.h"

#include <array>

#include "model/machine.h"

namespace slipway::model {
namespace {

constexpr std::array<std::pair<Assignee::Kind, std::string_view>, 3> kinds{{
    {Assignee::Kind::machine, "machine"},
    {Assignee::Kind::group, "group"},
    {Assignee::Kind::everyone, "everyone"},
}};

}  // namespace

std::string_view to_string(Assignee::Kind kind) {
  return kinds[static_cast<std::size_t>(kind)].second;
}

std::optional<Assignee::Kind> parse_assignee_kind(std::string_view text) {
  for (auto& [kind, name] : kinds) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

std::string Assignee::to_string() const {
  std::string text(model::to_string(kind));
  return kind == Kind::everyone ? text : text + " " + name;
}

std::string machine_key(const Machine* named, const MacAddress& mac) {
  return named && !named->name.empty() ? named->name : mac.to_string();
}

void Assignments::put(Assignment assignment) {
  Key key{assignment.to.kind, assignment.to.name, assignment.kind};
  standing_.insert_or_assign(std::move(key), std::move(assignment));
}

void Assignments::remove(const Assignee& to, ImageKind kind) {
  standing_.erase({to.kind, to.name, kind});
}

const Assignment* Assignments::find(const Assignee& to, ImageKind kind) const {
  auto found = standing_.find({to.kind, to.name, kind});
  return found == standing_.end() ? nullptr : &found->second;
}

std::vector<const Assignment*> Assignments::all() const {
  std::vector<const Assignment*> all;
  for (auto& [key, assignment] : standing_) all.push_back(&assignment);
  return all;
}

void Assignments::put(BootOnce once) {
  std::string machine = once.machine;
  onces_.insert_or_assign(std::move(machine), std::move(once));
}

void Assignments::remove_once(std::string_view machine) {
  if (auto found = onces_.find(machine); found != onces_.end()) onces_.erase(found);
}

const BootOnce* Assignments::once(std::string_view machine) const {
  auto found = onces_.find(machine);
  return found == onces_.end() ? nullptr : &found->second;
}

bool Assignments::knows(std::string_view machine) const {
  if (once(machine)) return true;
  auto first = standing_.lower_bound({Assignee::Kind::machine, std::string(machine), ImageKind{}});
  return first != standing_.end() && first->second.to.kind == Assignee::Kind::machine &&
         first->second.to.name == machine;
}

}  // namespace slipway::model
