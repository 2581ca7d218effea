// SPDX-License-Identifier: MPL-2.0
#include "boot/desired.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

using model::Assignee;
using model::Assignment;
using model::Plan;

const Assignment* assignment_for(const Plan& plan, model::ImageKind kind, const model::Machine* machine,
                                 std::string_view key) {
  const model::Assignments& all = plan.assignments();
  if (all.empty()) return nullptr;
  if (!key.empty()) {
    if (auto* own = all.find({Assignee::Kind::machine, std::string(key)}, kind)) return own;
  }
  if (machine) {
    for (const model::Group* group : plan.groups_of(*machine)) {
      if (auto* theirs = all.find({Assignee::Kind::group, group->name}, kind)) return theirs;
    }
  }
  return all.find({Assignee::Kind::everyone, ""}, kind);
}

}  // namespace

Desired desired_of(const Plan& plan, const model::Profile& profile, const model::Machine* machine,
                   std::string_view key) {
  const Assignment* by = is_open(profile) ? assignment_for(plan, *profile.image.kind, machine, key) : nullptr;
  if (!by) return {plan.image(profile.image), nullptr};
  return {stored_image(plan, by->image), by};
}

const model::Image* stored_image(const Plan& plan, std::string_view id) {
  auto& images = plan.images();
  auto found = std::find_if(images.begin(), images.end(), [&](auto& image) { return image.id == id; });
  return found == images.end() ? nullptr : &*found;
}

const model::Profile* profile_of(const Plan& plan, const model::Machine* machine) {
  bool named = machine && !machine->profile.empty();
  return named ? plan.profile(machine->profile) : &plan.default_profile();
}

bool is_open(const model::Profile& profile) {
  return profile.image.kind && profile.image.version == "latest";
}

std::string title_of(const model::Image& image) {
  return fmt::format("{}@{}", to_string(image.kind), image.version);
}

std::string title_of(const Assignment& assignment) {
  return fmt::format("{}@{}", to_string(assignment.kind), assignment.version);
}

}  // namespace slipway::boot
