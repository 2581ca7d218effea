// SPDX-License-Identifier: MPL-2.0
#include "dhcp/kin.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

bool may_be_a_system(model::Stage stage) {
  return stage == model::Stage::unknown || stage == model::Stage::operating_system;
}

bool is_known_by_itself(const model::Machine& machine) {
  return machine.uuid || !machine.client_id.empty();
}

/// A machine that came with another UUID is not the one that had this card.
bool is_another(const model::Client& client, const model::Client& said) {
  return client.uuid && said.uuid && client.uuid != said.uuid;
}

}  // namespace

void Kin::learn(const model::Machine& machine, const model::Client& said) {
  if (said.mac.is_zero() || !is_known_by_itself(machine)) return;
  auto known = cards_.find(said.mac);
  if (known != cards_.end() && known->second.machine == machine.name && !known->second.assumed) return;
  Card card{machine.name, {}, false};
  card.said.uuid = said.uuid;
  card.said.client_id = said.client_id;
  keep(said.mac, std::move(card));
}

void Kin::learn_from(const lease::Book& book, const model::Plan& plan, Instant now) {
  for (const model::Machine& machine : plan.machines()) {
    if (!machine.address || !machine.macs.empty() || !is_known_by_itself(machine)) continue;
    if (of_machine_.contains(machine.name)) continue;
    const lease::Lease* lease = book.at(*machine.address);
    if (!lease || !lease->runs(now) || lease->mac.is_zero() || cards_.contains(lease->mac)) continue;
    keep(lease->mac, {machine.name, model::client_of(machine), true});
  }
}

void Kin::keep(const MacAddress& mac, Card card) {
  auto [place, is_new] = cards_.try_emplace(mac);
  if (!is_new) std::erase(of_machine_[place->second.machine], mac);
  std::string machine = card.machine;
  place->second = std::move(card);
  std::vector<MacAddress>& all = of_machine_[machine];
  all.push_back(mac);
  if (all.size() <= cards_per_machine) return;
  cards_.erase(all.front());
  all.erase(all.begin());
}

model::MachineMatch Kin::match(const model::Plan& plan, const model::Client& client) const {
  auto found = cards_.find(client.mac);
  if (found == cards_.end() || is_another(client, found->second.said)) return {};
  if (found->second.assumed && !may_be_a_system(client.stage)) return {};
  return plan.match(found->second.said);
}

}  // namespace slipway::dhcp
