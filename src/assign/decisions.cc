// SPDX-License-Identifier: MPL-2.0
#include "assign/decisions.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.h"
#include "boot/desired.h"

namespace slipway::assign {
namespace {

using model::Assignee;
using model::Assignment;
using model::ImageKind;
using model::Plan;
using model::Profile;

/// The machine an assignee's name stands for; null: one that the file does not name.
const model::Machine* named(const Plan& plan, const Assignee& to) {
  return plan.find_machine(to.name);
}

bool is_in(const Plan& plan, const model::Machine& machine, const std::string& group) {
  auto groups = plan.groups_of(machine);
  return std::any_of(groups.begin(), groups.end(), [&](auto* known) { return known->name == group; });
}

/// The profiles of all whom an assignment may reach.
std::vector<const Profile*> profiles_of(const Plan& plan, const Assignee& to) {
  std::vector<const Profile*> profiles;
  auto add = [&](const Profile* profile) {
    bool there = std::find(profiles.begin(), profiles.end(), profile) != profiles.end();
    if (profile && !there) profiles.push_back(profile);
  };
  switch (to.kind) {
    case Assignee::Kind::machine:
      add(boot::profile_of(plan, named(plan, to)));
      break;
    case Assignee::Kind::group:
      for (const model::Machine& machine : plan.machines()) {
        if (is_in(plan, machine, to.name)) add(boot::profile_of(plan, &machine));
      }
      break;
    case Assignee::Kind::everyone:
      for (const Profile& profile : plan.profiles()) add(&profile);
      break;
  }
  return profiles;
}

Fault no_members(const Assignee& to) {
  return {fmt::format("group {} names no machines, and membership by a condition shows only while a machine "
                      "asks for an address",
                      to.name),
          "name its machines in the file, or assign to each machine"};
}

Fault of_another_kind(const Assignee& to, const Profile& profile, ImageKind wanted) {
  ImageKind kind = profile.image.kind.value_or(wanted);
  return {fmt::format("{} boots profile {}, which is for {}, not for {}", to.to_string(), profile.name,
                      to_string(kind), to_string(wanted)),
          fmt::format("name a profile with image = \"{}@latest\" in the file", to_string(wanted))};
}

Fault declared(const Assignee& to, const Profile& profile) {
  const Place& place = place_of(profile, "image");
  std::string where = place.file.empty() ? "the file" : place.to_string();
  return {fmt::format("{} boots profile {}, and {} says that its image is {}: what the file says is not "
                      "changed at run time",
                      to.to_string(), profile.name, where, profile.image.to_string()),
          fmt::format("change it there and run `slipway reload`; with \"{}@latest\" images can be assigned",
                      to_string(profile.image.kind.value_or(ImageKind::smartos)))};
}

/// Why an image of this kind would reach nobody; nothing: it reaches somebody.
std::optional<Fault> out_of_reach(const Plan& plan, const Assignee& to, ImageKind kind) {
  auto profiles = profiles_of(plan, to);
  if (profiles.empty()) return no_members(to);
  const Profile* fixed = nullptr;
  for (const Profile* profile : profiles) {
    bool of_kind = !profile->image.kind || *profile->image.kind == kind;
    if (of_kind && boot::is_open(*profile)) return std::nullopt;
    if (of_kind) fixed = profile;
  }
  return fixed ? declared(to, *fixed) : of_another_kind(to, *profiles.front(), kind);
}

Result<const Assignment*, Fault> standing(const State& state, const Assignee& to,
                                          std::optional<ImageKind> kind) {
  std::vector<const Assignment*> found;
  for (const Assignment* each : state.assignments.all()) {
    if (each->to == to && (!kind || each->kind == *kind)) found.push_back(each);
  }
  if (found.size() == 1) return found.front();
  if (found.empty())
    return Fault{fmt::format("nothing is assigned to {}", to.to_string()),
                 "`slipway image assigned` shows what is"};
  return Fault{fmt::format("{} has images of several kinds assigned", to.to_string()), "say --kind"};
}

HistoryEntry entry_of(const State& state, Action action, const Assignee& to, ImageKind kind, Instant now) {
  HistoryEntry entry;
  entry.number = state.next_entry();
  entry.at = now;
  entry.action = action;
  entry.to = to;
  entry.kind = kind;
  return entry;
}

Decided dropped(const State& state, Action action, const Assignment& former, Instant now) {
  HistoryEntry entry = entry_of(state, action, former.to, former.kind, now);
  entry.before = former.entry;
  return {{entry, TakeBack{former.to, former.kind}},
          fmt::format("{} boots again what the file says, from its next boot on", former.to.to_string())};
}

/// Before the first assignment the file decided. Where that comes to the same image, nothing would be undone.
Result<Decided, Fault> back_to_file(const State& state, const Plan& plan, const Assignment& former,
                                    Instant now) {
  const model::Image* latest = plan.image({former.kind, "latest"});
  if (latest && latest->id != former.image) return dropped(state, Action::rolled_back, former, now);
  const MachineRecord* machine =
      former.to.kind == Assignee::Kind::machine ? state.machine(former.to.name) : nullptr;
  bool knows_better = machine && !machine->good.empty() && machine->good != former.image;
  return Fault{fmt::format("nothing was assigned to {} before {}, and the file's {}@latest is {}",
                           former.to.to_string(), boot::title_of(former), to_string(former.kind),
                           latest ? "the same" : "not there"),
               knows_better ? fmt::format("its last known good is {}: assign that", machine->good_version)
                            : "assign the image that is wanted"};
}

}  // namespace

Result<Assignee, Fault> assignee_of(const Plan& plan, Assignee::Kind kind, std::string_view name) {
  Assignee to{kind, std::string(name)};
  std::vector<std::string_view> known;
  switch (kind) {
    case Assignee::Kind::everyone:
      return Assignee{kind, ""};
    case Assignee::Kind::machine: {
      auto mac = MacAddress::parse(name);
      const model::Machine* machine = plan.find_machine(name);
      if (machine || mac) return Assignee{kind, model::machine_key(machine, mac.value_or(MacAddress{}))};
      for (const model::Machine& each : plan.machines()) known.push_back(each.name);
      break;
    }
    case Assignee::Kind::group:
      for (const model::Group& group : plan.groups()) {
        if (group.name == name) return to;
        known.push_back(group.name);
      }
      break;
  }
  auto meant = nearest(name, known);
  return Fault{fmt::format("there is no {} \"{}\" in the file", to_string(kind), name),
               meant                           ? fmt::format("did you mean {}?", *meant)
               : kind == Assignee::Kind::group ? "add a [[group]] of that name"
                                               : "give its MAC address; `slipway machine list` shows it"};
}

Result<Decided, Fault> assign_image(const State& state, const Plan& plan, const Assignee& to,
                                    const model::Image& image, Instant now) {
  if (auto fault = out_of_reach(plan, to, image.kind)) return *fault;
  const Assignment* current = state.assignments.find(to, image.kind);
  if (current && current->image == image.id)
    return Decided{{}, fmt::format("{} is assigned to {} already", boot::title_of(image), to.to_string())};
  HistoryEntry entry = entry_of(state, Action::assigned, to, image.kind, now);
  entry.image = image.id;
  entry.version = image.version;
  entry.before = current ? current->entry : 0;
  Assignment made{to, image.kind, image.id, image.version, now, entry.number};
  return Decided{{entry, made},
                 fmt::format("{} boots {} from its next boot on", to.to_string(), boot::title_of(image))};
}

Result<Decided, Fault> roll_back(const State& state, const Plan& plan, const Assignee& to,
                                 std::optional<ImageKind> kind, Instant now) {
  auto current = standing(state, to, kind);
  if (!current) return current.error();
  const Assignment& former = **current;
  const HistoryEntry* before = state.before(former);
  if (!before) return back_to_file(state, plan, former, now);
  if (!boot::stored_image(plan, before->image))
    return Fault{
        fmt::format("{}@{}, which {} had before, is {}", to_string(before->kind), before->version,
                    to.to_string(), plan.is_damaged(before->image) ? "damaged" : "not in the store any more"),
        "import it again, or assign another image"};
  HistoryEntry entry = entry_of(state, Action::rolled_back, to, former.kind, now);
  entry.image = before->image;
  entry.version = before->version;
  entry.before = former.entry;
  // It stands where it stood before: one more rollback goes on from there.
  Assignment made{to, former.kind, before->image, before->version, now, before->number};
  return Decided{{entry, made},
                 fmt::format("{} boots {} again, from its next boot on, instead of {}", to.to_string(),
                             boot::title_of(made), boot::title_of(former))};
}

Result<Decided, Fault> take_back(const State& state, const Assignee& to, std::optional<ImageKind> kind,
                                 Instant now) {
  auto current = standing(state, to, kind);
  if (!current) return current.error();
  return dropped(state, Action::taken_back, **current, now);
}

Result<Decided, Fault> order_once(const State& state, const Plan& plan, const OnceOrder& order, Instant now) {
  const model::Machine* machine = named(plan, {Assignee::Kind::machine, order.machine});
  const Profile* profile =
      order.profile.empty() ? boot::profile_of(plan, machine) : plan.profile(order.profile);
  if (!profile) return Fault{fmt::format("there is no profile {}", order.profile), "name one of the file"};
  if (order.image && profile->image.kind && *profile->image.kind != order.image->kind)
    return of_another_kind({Assignee::Kind::machine, order.machine}, *profile, order.image->kind);
  model::BootOnce once;
  once.machine = order.machine;
  once.number = state.last_once + 1;
  once.profile = order.profile;
  once.variant = order.variant;
  once.since = now;
  if (order.image) once.image = order.image->id, once.image_version = order.image->version;
  std::string what = order.image ? boot::title_of(*order.image) : "profile " + profile->name;
  if (order.variant != model::Variant::normal) what += fmt::format(", {}", to_string(order.variant));
  return Decided{{once}, fmt::format("machine {} boots {} once, at its next boot", order.machine, what)};
}

Result<Decided, Fault> cancel_once(const State& state, std::string_view machine) {
  const model::BootOnce* once = state.assignments.once(machine);
  if (!once) return Fault{fmt::format("nothing is ordered for the next boot of {}", machine), ""};
  return Decided{{OnceDone{once->machine, once->number}},
                 fmt::format("machine {} boots as usual the next time", machine)};
}

}  // namespace slipway::assign
