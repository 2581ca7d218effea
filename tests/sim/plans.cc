// SPDX-License-Identifier: MPL-2.0
#include "sim/plans.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "sim/sim_network.h"

namespace slipway::sim {
namespace {

/// A packet, its answer and the disk's work between them.
constexpr Duration under_way = 2 * SimNetwork::latest + std::chrono::seconds{5};

Plans::Plan built(model::Draft draft) {
  auto plan = model::Plan::build(std::move(draft), {});
  if (!plan) std::abort();
  return *plan;
}

bool allows(const model::Plan& plan, const MacAddress& client, Ipv4 address) {
  const model::Machine* machine = plan.machine(client);
  Prefix here{is_relayed(client) ? far_network : local_network, 16};
  if (machine && machine->address && here.contains(*machine->address)) return *machine->address == address;
  if (plan.reserved_for(address)) return false;
  const model::Subnet* subnet = plan.subnet_of(address);
  return subnet && std::any_of(subnet->pools.begin(), subnet->pools.end(),
                               [&](const model::Pool& pool) { return pool.range.contains(address); });
}

}  // namespace

Plans::Plans(const Scheduler& scheduler, std::size_t addresses)
    : scheduler_(scheduler), addresses_(addresses) {
  model::Draft draft;
  draft.server.interfaces = {"eth1", "eth2"};
  draft.subnets = {subnet(local_network, "eth1", 0), subnet(far_network, "eth2", 0)};
  past_.push_back({scheduler.now(), built(std::move(draft))});
}

model::Subnet Plans::subnet(Ipv4 network, std::string interface, std::uint32_t moved) const {
  model::Subnet made;
  made.network = {network, 16};
  made.interface = std::move(interface);
  Ipv4 first{network.value + first_host + moved};
  made.pools = {{{first, {first.value + static_cast<std::uint32_t>(addresses_) - 1}}, {}, {}}};
  made.lease_time = std::chrono::seconds{60};
  made.bootp = made.rapid_commit = true;
  return made;
}

const Plans::Plan& Plans::change(Random& random, std::span<const MacAddress> machines) {
  auto moved = static_cast<std::uint32_t>(random.below(2) ? random.below(longest_move + 1) : 0);
  model::Draft draft;
  draft.server.interfaces = {"eth1", "eth2"};
  draft.subnets = {subnet(local_network, "eth1", moved), subnet(far_network, "eth2", moved)};
  // Addresses from within the range: somebody has them.
  std::vector<Ipv4> taken;
  for (const MacAddress& mac : machines) {
    Ipv4 network = random.below(2) ? local_network : far_network;
    Ipv4 address{network.value + first_host + static_cast<std::uint32_t>(random.below(addresses_))};
    if (std::find(taken.begin(), taken.end(), address) != taken.end()) continue;
    taken.push_back(address);
    model::Machine machine;
    machine.name = fmt::format("m{}", draft.machines.size());
    machine.macs = {mac};
    machine.address = address;
    draft.machines.push_back(std::move(machine));
  }
  past_.push_back({scheduler_.now(), built(std::move(draft))});
  while (past_.size() > 2 && past_[1].from + under_way < scheduler_.now()) past_.pop_front();
  return now();
}

bool Plans::may_keep(const MacAddress& client, Ipv4 address) const {
  for (std::size_t i = 0; i < past_.size(); ++i) {
    bool over = i + 1 < past_.size() && past_[i + 1].from + under_way < scheduler_.now();
    if (!over && !allows(*past_[i].plan, client, address)) return false;
  }
  return true;
}

}  // namespace slipway::sim
