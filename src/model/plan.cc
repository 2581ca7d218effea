// SPDX-License-Identifier: MPL-2.0
#include "model/plan.h"

#include <algorithm>

#include "model/plan_check.h"

namespace slipway::model {
namespace {

constexpr std::string_view builtin_profile = "smartos";

/// The four-line file has no profile: then every machine boots the newest SmartOS image.
Profile smartos_profile() {
  Profile profile;
  profile.name = builtin_profile;
  profile.image = {ImageKind::smartos, "latest"};
  profile.properties = {{"smartos", "true", {}}};
  return profile;
}

/// A machine without a profile boots that of the first of its groups that has one.
void spread_group_profiles(Draft& draft) {
  std::unordered_map<std::string_view, Machine*> without;
  for (Machine& machine : draft.machines) {
    if (machine.profile.empty()) without.emplace(machine.name, &machine);
  }
  for (const Group& group : draft.groups) {
    bool there = std::any_of(draft.profiles.begin(), draft.profiles.end(),
                             [&](const Profile& profile) { return profile.name == group.profile; });
    if (!there) continue;  // it is the group that is wrong then, not its machines
    for (const std::string& name : group.machines) {
      auto found = without.find(name);
      if (found != without.end() && found->second->profile.empty()) found->second->profile = group.profile;
    }
  }
}

}  // namespace

void fill_defaults(Draft& draft) {
  if (draft.profiles.empty()) draft.profiles.push_back(smartos_profile());
  if (draft.boot.default_profile.empty()) draft.boot.default_profile = draft.profiles.front().name;
  if (!draft.groups.empty()) spread_group_profiles(draft);
  bool one_interface = draft.server.interfaces.size() == 1;
  for (Subnet& subnet : draft.subnets) {
    if (subnet.interface.empty() && one_interface) subnet.interface = draft.server.interfaces.front();
  }
}

Result<std::shared_ptr<const Plan>, PlanErrors> Plan::build(Draft draft, std::vector<Image> images) {
  fill_defaults(draft);
  Problems problems = check(draft);
  if (has_errors(problems)) return PlanErrors{std::move(problems)};
  return std::shared_ptr<const Plan>(new Plan(std::move(draft), std::move(images)));
}

std::shared_ptr<const Plan> Plan::with_images(std::vector<Image> images) const {
  return std::shared_ptr<const Plan>(new Plan(draft_, std::move(images)));
}

Plan::Plan(Draft draft, std::vector<Image> images) : draft_(std::move(draft)), images_(std::move(images)) {
  for (std::size_t i = 0; i < draft_.machines.size(); ++i) {
    for (const MacAddress& mac : draft_.machines[i].macs) machine_by_mac_.emplace(mac, i);
    if (auto address = draft_.machines[i].address) machine_by_address_.emplace(*address, i);
  }
  for (const Subnet& subnet : draft_.subnets) {
    subnet_layers_.push_back(model::layer_of(subnet, draft_.options));
  }
  file_machines_in_groups();
}

void Plan::file_machines_in_groups() {
  if (draft_.groups.empty()) return;
  std::unordered_map<std::string_view, const Machine*> by_name;
  for (const Machine& machine : draft_.machines) by_name.emplace(machine.name, &machine);
  for (const Group& group : draft_.groups) {
    for (const std::string& name : group.machines) groups_[by_name.at(name)].push_back(&group);
  }
}

const Machine* Plan::machine(const MacAddress& mac) const {
  auto found = machine_by_mac_.find(mac);
  return found == machine_by_mac_.end() ? nullptr : &draft_.machines[found->second];
}

const Machine* Plan::reserved_for(Ipv4 address) const {
  auto found = machine_by_address_.find(address);
  return found == machine_by_address_.end() ? nullptr : &draft_.machines[found->second];
}

const Machine* Plan::find_machine(std::string_view text) const {
  if (auto mac = MacAddress::parse(text)) return machine(*mac);
  if (auto address = Ipv4::parse(text)) return reserved_for(*address);
  auto uuid = Uuid::parse(text);
  for (const Machine& known : draft_.machines) {
    if (known.name == text || (uuid && known.uuid == uuid)) return &known;
  }
  return nullptr;
}

std::span<const Group* const> Plan::groups_of(const Machine& machine) const {
  auto found = groups_.find(&machine);
  if (found == groups_.end()) return {};
  return found->second;
}

const OptionLayer& Plan::layer_of(const Subnet& subnet) const {
  return subnet_layers_[static_cast<std::size_t>(&subnet - draft_.subnets.data())];
}

const Profile* Plan::profile(std::string_view name) const {
  for (const Profile& known : draft_.profiles) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

const Profile& Plan::default_profile() const {
  return *profile(draft_.boot.default_profile);
}

const Image* Plan::find_image(std::string_view text) const {
  if (auto ref = ImageRef::parse(text)) {
    if (const Image* found = image(*ref)) return found;
  }
  for (const Image& known : images_) {
    if (known.version == text || (text.size() >= 4 && known.id.starts_with(text))) return &known;
  }
  return nullptr;
}

const Subnet* Plan::subnet_of(Ipv4 address) const {
  const Subnet* narrowest = nullptr;
  for (const Subnet& subnet : draft_.subnets) {
    if (!subnet.network.contains(address)) continue;
    if (!narrowest || subnet.network.length > narrowest->network.length) narrowest = &subnet;
  }
  return narrowest;
}

const Subnet* Plan::silences_routers_on(std::string_view interface, std::span<const Ipv4> addresses) const {
  auto is_here = [&](const Subnet& subnet) {
    if (!subnet.interface.empty()) return subnet.interface == interface;
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](Ipv4 address) { return subnet.network.contains(address); });
  };
  auto found = std::find_if(subnets().begin(), subnets().end(), [&](const Subnet& subnet) {
    return subnet.no_ipv6_router && subnet.mode != SubnetMode::off && is_here(subnet);
  });
  return found == subnets().end() ? nullptr : &*found;
}

}  // namespace slipway::model
