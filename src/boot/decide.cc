// SPDX-License-Identifier: MPL-2.0
#include "boot/decide.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "boot/desired.h"
#include "boot/entries.h"

namespace slipway::boot {
namespace {

using model::Machine;
using model::Plan;
using model::Profile;
using Why = Refusal::Why;

void make_labels_unique(std::vector<Entry>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bool taken = std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i),
                             [&](const Entry& before) { return before.label == entries[i].label; });
    if (taken) entries[i].label += fmt::format(".{}", i + 1);
  }
}

/// One name below /bootfs means one file: of another profile's file of that name it becomes another.
void make_files_unique(std::vector<Entry>& entries) {
  std::map<std::string, const std::string*> taken;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (Module& module : entries[i].modules) {
      if (module.origin != Module::Origin::machine) continue;
      auto known = taken.find(module.file);
      if (known != taken.end() && *known->second != *module.content)
        module.file = fmt::format("{}/{}", i + 1, module.file);
      taken.emplace(module.file, module.content.get());
    }
  }
}

/// What the menu of an unknown machine offers: every profile that can boot, the default one first.
Result<std::vector<Entry>, Refusal> entries_of_all(const Plan& plan, const model::Client& client) {
  std::vector<const Profile*> order{&plan.default_profile()};
  for (const Profile& profile : plan.profiles()) {
    if (profile.name != order.front()->name) order.push_back(&profile);
  }
  std::vector<Entry> all;
  std::optional<Refusal> first;
  for (const Profile* profile : order) {
    auto entries = entries_of(plan, *profile, nullptr, client);
    if (entries) {
      all.insert(all.end(), entries->begin(), entries->end());
    } else if (!first) {
      first = entries.error();
    }
  }
  if (all.empty()) return *first;
  make_labels_unique(all);
  make_files_unique(all);
  return all;
}

Decision boot_with(std::vector<Entry> entries, bool menu, const Plan& plan, const model::Client& client) {
  Boot boot;
  // A menu that waits no time is no menu, and some builds of iPXE cannot show one.
  bool can_show = !client.features.reported || client.features.menu;
  boot.menu = menu && can_show && plan.boot().timeout.count() > 0;
  boot.timeout = plan.boot().timeout;
  boot.limits = limits_of(client);
  boot.entries = std::move(entries);
  return boot;
}

/// The file does not name it, but an assignment does.
bool is_assigned(const Plan& plan, const MacAddress& mac) {
  return !plan.assignments().empty() && plan.assignments().knows(mac.to_string());
}

/// Exactly what was asked for, without a menu: nobody stands before the machine.
Decision boot_once(const model::BootOnce& once, const Plan& plan, const Machine* machine,
                   const model::Client& client) {
  auto entry = entry_once(plan, once, machine, client);
  if (!entry) return entry.error();
  Decision decision = boot_with({std::move(*entry)}, false, plan, client);
  std::get<Boot>(decision).once = once.number;
  return decision;
}

}  // namespace

bool needs_multiboot(Start start) {
  return start == Start::illumos || start == Start::multiboot;
}

bool loads_a_kernel(Start start) {
  return needs_multiboot(start) || start == Start::linux_;
}

std::string_view to_string(Module::Type type) {
  switch (type) {
    case Module::Type::rootfs:
      return "rootfs";
    case Module::Type::hash:
      return "hash";
    case Module::Type::file:
      return "file";
    case Module::Type::initrd:
      return "initrd";
    case Module::Type::plain:
      return "module";
  }
  return "file";
}

std::string_view to_string(Why why) {
  switch (why) {
    case Why::no_image:
      return "no-image";
    case Why::image_missing:
      return "image-missing";
    case Why::image_broken:
      return "image-broken";
    case Why::profile_missing:
      return "profile-missing";
    case Why::architecture:
      return "architecture";
    case Why::uefi:
      return "uefi";
    case Why::no_multiboot:
      return "no-multiboot";
    case Why::firmware:
      return "firmware";
    case Why::no_iscsi:
      return "no-iscsi";
    case Why::arguments:
      return "arguments";
    case Why::secrets:
      return "secrets";
  }
  return "refused";
}

const Module* boot_module(const Decision& decision, std::string_view file) {
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return nullptr;
  for (const Entry& entry : boot->entries) {
    for (const Module& module : entry.modules) {
      if (module.origin == Module::Origin::machine && module.file == file) return &module;
    }
  }
  return nullptr;
}

bool has_secrets(const Decision& decision) {
  const Boot* boot = std::get_if<Boot>(&decision);
  return boot && std::any_of(boot->entries.begin(), boot->entries.end(),
                             [](const Entry& entry) { return entry.san && entry.san->credentials; });
}

Limits limits_of(const model::Client& client) {
  const model::IpxeFeatures& features = client.features;
  Limits limits;
  limits.http = !features.reported || features.http;
  limits.known_multiboot = features.reported && (features.multiboot || features.multiboot2);
  // Builds with multiboot2 come from Triton's fork, which raised the limits, too.
  if (features.reported && features.multiboot2) {
    limits.line_bytes = 4096;
    limits.modules = 16;
  }
  return limits;
}

const Machine* machine_of(const Plan& plan, const model::Client& client) {
  model::MachineMatch match = plan.match(client);
  const model::Subnet* subnet =
      match.empty() || client.address.is_any() ? nullptr : plan.subnet_of(client.address);
  const Machine* here = subnet ? match.in(subnet->network) : nullptr;
  return here ? here : match.first();
}

Course course_of(const Plan& plan, const model::Client& client) {
  if (machine_of(plan, client) || is_assigned(plan, client.mac)) return Course::boot;
  switch (plan.boot().unknown) {
    case model::UnknownPolicy::boot_default:
    case model::UnknownPolicy::menu:
      return Course::boot;
    case model::UnknownPolicy::local:
      return Course::local_disk;
    case model::UnknownPolicy::ignore:
      return Course::silent;
  }
  return Course::silent;
}

const model::BootOnce* order_for(const Plan& plan, const model::Client& client) {
  if (plan.assignments().onces().empty()) return nullptr;
  return plan.assignments().once(model::machine_key(machine_of(plan, client), client.mac));
}

Decision decide(const Plan& plan, const model::Client& client, Orders orders) {
  switch (course_of(plan, client)) {
    case Course::boot:
      break;
    case Course::local_disk:
      return LocalDisk{};
    case Course::silent:
      return Silent{};
  }
  const Machine* machine = machine_of(plan, client);
  std::string key = model::machine_key(machine, client.mac);
  const model::BootOnce* once = orders == Orders::heeded ? order_for(plan, client) : nullptr;
  if (once) return boot_once(*once, plan, machine, client);
  bool unknown = !machine && !plan.assignments().knows(key);
  if (unknown && plan.boot().unknown == model::UnknownPolicy::menu) {
    auto entries = entries_of_all(plan, client);
    if (!entries) return entries.error();
    return boot_with(std::move(*entries), true, plan, client);
  }
  const Profile* profile = profile_of(plan, machine);
  if (!profile)
    return Refusal{Why::profile_missing, fmt::format("there is no profile {}", machine->profile),
                   fmt::format("add it, or give machine {} another one", machine->name)};
  auto entries = entries_of(plan, *profile, machine, client);
  if (!entries) return entries.error();
  bool menu = entries->size() > 1;
  return boot_with(std::move(*entries), menu, plan, client);
}

}  // namespace slipway::boot
