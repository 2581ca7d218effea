// SPDX-License-Identifier: MPL-2.0
#include "assign/usage.h"

#include <fmt/format.h>

namespace slipway::assign {

std::string_view to_string(Use::Why why) {
  switch (why) {
    case Use::Why::profile:
      return "profile";
    case Use::Why::assigned:
      return "assigned";
    case Use::Why::fallback:
      return "fallback";
    case Use::Why::once:
      return "once";
    case Use::Why::running:
      return "running";
    case Use::Why::last_good:
      return "last_good";
    case Use::Why::pinned:
      return "pinned";
  }
  return "used";
}

std::string sentence(const Use& use) {
  switch (use.why) {
    case Use::Why::profile:
      return fmt::format("profile {} boots it", use.who);
    case Use::Why::assigned:
      return fmt::format("it is assigned to {}", use.who);
    case Use::Why::fallback:
      return fmt::format("a rollback of {} would bring it back", use.who);
    case Use::Why::once:
      return fmt::format("{} is to boot it once", use.who);
    case Use::Why::running:
      return fmt::format("{} runs it", use.who);
    case Use::Why::last_good:
      return fmt::format("it is the last known good of {}", use.who);
    case Use::Why::pinned:
      return "it is pinned";
  }
  return "it is used";
}

Usage usage_of(const State& state, const model::Plan& plan) {
  Usage usage;
  auto add = [&](const std::string& image, Use::Why why, std::string who) {
    if (!image.empty()) usage[image].push_back({why, std::move(who)});
  };
  for (const model::Profile& profile : plan.profiles()) {
    if (auto* image = plan.image(profile.image)) add(image->id, Use::Why::profile, profile.name);
  }
  for (auto* made : state.assignments.all()) add(made->image, Use::Why::assigned, made->to.to_string());
  for (auto* made : state.assignments.all()) {
    if (auto* before = state.before(*made)) add(before->image, Use::Why::fallback, made->to.to_string());
  }
  for (auto& [machine, once] : state.assignments.onces())
    add(once.image, Use::Why::once, "machine " + machine);
  for (auto& [key, record] : state.machines) add(record.running, Use::Why::running, "machine " + key);
  for (auto& [key, record] : state.machines) add(record.good, Use::Why::last_good, "machine " + key);
  for (const std::string& image : state.pins) add(image, Use::Why::pinned, "");
  return usage;
}

std::vector<const model::Image*> needless(const Usage& usage, const model::Plan& plan) {
  std::vector<const model::Image*> found;
  for (const model::Image& image : plan.images()) {
    bool newest = plan.image({image.kind, "latest"}) == &image;
    if (!newest && !usage.contains(image.id)) found.push_back(&image);
  }
  return found;
}

}  // namespace slipway::assign
