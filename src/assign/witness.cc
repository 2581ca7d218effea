// SPDX-License-Identifier: MPL-2.0
#include "assign/witness.h"

#include <algorithm>

#include "boot/desired.h"
#include "boot/names.h"

namespace slipway::assign {
namespace {

using timeline::Event;
using timeline::Kind;
using timeline::Role;
using timeline::VerdictCode;

bool is_dhcp(const Event& event) {
  return event.kind <= Kind::bootp_reply;
}

bool is_of_firmware(const Event& event) {
  return event.stage != model::Stage::unknown && event.stage != model::Stage::operating_system;
}

/// A transfer that may have been the last of a boot, or the first word of an operating system.
bool may_end_a_boot(const Event& event) {
  if (event.kind == Kind::machine_up) return true;
  if (is_dhcp(event)) return !is_of_firmware(event);
  bool finished = event.kind == Kind::http_finished || event.kind == Kind::tftp_finished;
  bool beside = event.role == Role::loader || event.role == Role::script || event.role == Role::probe ||
                event.role == Role::module;
  return finished && !beside;
}

const model::Image* image_named(const model::Plan& plan, const std::string& path) {
  auto name = boot::parse(path);
  if (!name) return nullptr;
  if (auto* file = std::get_if<boot::PlatformFile>(&*name)) return boot::image_of(*file, plan.images());
  if (auto* file = std::get_if<boot::ImageFile>(&*name)) return boot::image_of(*file, plan.images());
  return nullptr;
}

/// The image whose files a boot was given.
const model::Image* image_of(const model::Plan& plan, const timeline::Boot& boot) {
  for (auto stage : {timeline::StageName::archive, timeline::StageName::kernel}) {
    if (auto* image = image_named(plan, boot.stage(stage).detail)) return image;
  }
  return nullptr;
}

/// Machines that the file does not name may be made up: one makes room for another.
void make_room(const State& state, const model::Plan& plan, Changes& changes) {
  if (state.machines.size() < most_machines) return;
  const MachineRecord* oldest = nullptr;
  for (auto& [key, record] : state.machines) {
    bool named = plan.find_machine(key) != nullptr;
    if (!named && (!oldest || record.running_since < oldest->running_since)) oldest = &record;
  }
  if (oldest) changes.push_back(Forget{oldest->machine});
}

}  // namespace

bool Witness::cares_for(const Event& event, const State& state) const {
  if (!event.machine || event.boot == 0) return false;
  return event.once != 0 || !state.assignments.onces().empty() || may_end_a_boot(event);
}

Changes Witness::see(const Event& event, const std::string& key, const State& state, const model::Plan& plan,
                     const timeline::Timeline& timeline) {
  Changes changes;
  const model::BootOnce* once = state.assignments.once(key);
  if (once) see_order(event, *once, changes);
  if (!may_end_a_boot(event)) return changes;
  auto boot = timeline.explain(*event.machine, event.at);
  bool up = boot && boot->verdict.code == VerdictCode::running;
  // Who goes round and round runs it all the same, and has not come up with it.
  bool delivered =
      boot && boot->delivered &&
      (boot->verdict.code == VerdictCode::handed_over || boot->verdict.code == VerdictCode::boot_loop);
  if (!up && !delivered) return changes;
  if (once && once->served && changes.empty()) changes.push_back(OnceDone{key, once->number});

  const model::Image* image = image_of(plan, *boot);
  if (!image) return changes;
  const MachineRecord* known = state.machine(key);
  MachineRecord record = known ? *known : MachineRecord{.machine = key};
  if (record.running != image->id) {
    record.running = image->id;
    record.running_version = boot::title_of(*image);
    record.running_since = event.at;
  }
  if (up && record.good != image->id) {
    record.good = image->id;
    record.good_version = boot::title_of(*image);
    record.good_since = event.at;
  }
  // Most boots bring nothing new, and cost no write.
  if (known && *known == record) return changes;
  if (!known) make_room(state, plan, changes);
  changes.push_back(std::move(record));
  return changes;
}

void Witness::see_order(const Event& event, const model::BootOnce& once, Changes& changes) {
  if (event.once == once.number) {
    boots_[once.machine] = event.boot;
    if (once.served) return;
    model::BootOnce served = once;
    served.served = true;
    changes.push_back(std::move(served));
    return;
  }
  if (!once.served) return;
  auto boot = boots_.find(once.machine);
  if (boot == boots_.end()) {
    // Served before a restart of ours. Who begins anew is in its next boot; who goes on is in the same.
    bool begins = is_dhcp(event);
    if (!begins) {
      boots_[once.machine] = event.boot;
      return;
    }
  } else if (event.boot <= boot->second) {
    return;
  }
  boots_.erase(once.machine);
  changes.push_back(OnceDone{once.machine, once.number});
}

}  // namespace slipway::assign
