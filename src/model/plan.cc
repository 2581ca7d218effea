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
  std::unordered_multimap<std::string_view, Machine*> without;
  for (Machine& machine : draft.machines) {
    if (machine.profile.empty()) without.emplace(machine.name, &machine);
  }
  for (const Group& group : draft.groups) {
    bool there = std::any_of(draft.profiles.begin(), draft.profiles.end(),
                             [&](const Profile& profile) { return profile.name == group.profile; });
    if (!there) continue;  // it is the group that is wrong then, not its machines
    for (const std::string& name : group.machines) {
      auto [from, to] = without.equal_range(name);
      for (auto found = from; found != to; ++found) {
        if (found->second->profile.empty()) found->second->profile = group.profile;
      }
    }
  }
}

/// What is left of `pool` on both sides of `hole`.
void cut(const Pool& pool, const AddressRange& hole, std::vector<Pool>& rest) {
  const AddressRange& range = pool.range;
  if (hole.last < range.first || range.last < hole.first) return rest.push_back(pool);
  if (range.first < hole.first) {
    rest.push_back(pool);
    rest.back().range.last = {hole.first.value - 1};
  }
  if (hole.last < range.last) {
    rest.push_back(pool);
    rest.back().range.first = {hole.last.value + 1};
  }
}

/// The pools as they are given out from: whatever is excluded is in none.
std::vector<Pool> without(const std::vector<AddressRange>& excluded, std::vector<Pool> pools) {
  for (const AddressRange& hole : excluded) {
    std::vector<Pool> rest;
    for (const Pool& pool : pools) cut(pool, hole, rest);
    pools = std::move(rest);
  }
  return pools;
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
  return std::shared_ptr<const Plan>(new Plan(std::make_shared<const Site>(std::move(draft)),
                                              std::make_shared<const Shelf>(Shelf{std::move(images), {}}),
                                              std::make_shared<const Assignments>()));
}

std::shared_ptr<const Plan> Plan::with_images(std::vector<Image> images, std::vector<Image> damaged) const {
  Shelf shelf{std::move(images), std::move(damaged)};
  return std::shared_ptr<const Plan>(
      new Plan(site_, std::make_shared<const Shelf>(std::move(shelf)), assignments_));
}

std::shared_ptr<const Plan> Plan::with_assignments(std::shared_ptr<const Assignments> assignments) const {
  return std::shared_ptr<const Plan>(new Plan(site_, shelf_, std::move(assignments)));
}

Plan::Plan(std::shared_ptr<const Site> site, std::shared_ptr<const Shelf> shelf,
           std::shared_ptr<const Assignments> assignments)
    : site_(std::move(site)), shelf_(std::move(shelf)), assignments_(std::move(assignments)) {}

Plan::Site::Site(Draft wanted) : draft(std::move(wanted)) {
  for (Subnet& subnet : draft.subnets) subnet.pools = without(subnet.excluded, std::move(subnet.pools));
  index = MachineIndex(draft.machines);
  for (const Machine& machine : draft.machines) {
    if (machine.address) machine_by_address.emplace(*machine.address, &machine);
  }
  for (const Subnet& subnet : draft.subnets) {
    subnet_by_network.emplace(subnet.network.network, &subnet);
    for (Ipv4 relay : subnet.relays) subnet_by_relay.emplace(relay, &subnet);
    subnet_layers.push_back(model::layer_of(subnet, draft.options));
  }
  file_machines_in_groups();
}

void Plan::Site::file_machines_in_groups() {
  if (draft.groups.empty()) return;
  std::unordered_multimap<std::string_view, const Machine*> by_name;  // one may come to several subnets
  for (const Machine& machine : draft.machines) by_name.emplace(machine.name, &machine);
  for (const Group& group : draft.groups) {
    for (const std::string& name : group.machines) {
      auto [from, to] = by_name.equal_range(name);
      for (auto found = from; found != to; ++found) groups[found->second].push_back(&group);
    }
  }
}

const Machine* Plan::machine(const MacAddress& mac) const {
  Client client;
  client.mac = mac;
  return match(client).first();
}

const Machine* Plan::reserved_for(Ipv4 address) const {
  auto found = site_->machine_by_address.find(address);
  return found == site_->machine_by_address.end() ? nullptr : found->second;
}

const Machine* Plan::find_machine(std::string_view text) const {
  if (auto mac = MacAddress::parse(text)) return machine(*mac);
  if (auto address = Ipv4::parse(text)) return reserved_for(*address);
  auto uuid = Uuid::parse(text);
  for (const Machine& known : site_->draft.machines) {
    if (known.name == text || (uuid && known.uuid == uuid)) return &known;
  }
  return nullptr;
}

std::span<const Group* const> Plan::groups_of(const Machine& machine) const {
  auto found = site_->groups.find(&machine);
  if (found == site_->groups.end()) return {};
  return found->second;
}

const OptionLayer& Plan::layer_of(const Subnet& subnet) const {
  return site_->subnet_layers[static_cast<std::size_t>(&subnet - site_->draft.subnets.data())];
}

const Profile* Plan::profile(std::string_view name) const {
  for (const Profile& known : site_->draft.profiles) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

const Profile& Plan::default_profile() const {
  return *profile(site_->draft.boot.default_profile);
}

bool Plan::is_damaged(std::string_view image_id) const {
  return std::any_of(damaged().begin(), damaged().end(), [&](auto& image) { return image.id == image_id; });
}

const Image* Plan::find_image(std::string_view text) const {
  if (auto ref = ImageRef::parse(text)) {
    if (const Image* found = image(*ref)) return found;
  }
  for (const Image& known : images()) {
    if (known.version == text || (text.size() >= 4 && known.id.starts_with(text))) return &known;
  }
  return nullptr;
}

const Subnet* Plan::subnet_of(Ipv4 address) const {
  auto next = site_->subnet_by_network.upper_bound(address);
  if (next == site_->subnet_by_network.begin()) return nullptr;
  const Subnet* before = std::prev(next)->second;
  return before->network.contains(address) ? before : nullptr;
}

const Subnet* Plan::subnet_of_relay(Ipv4 giaddr) const {
  auto found = site_->subnet_by_relay.find(giaddr);
  return found == site_->subnet_by_relay.end() ? nullptr : found->second;
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
