// SPDX-License-Identifier: MPL-2.0
#include "model/machine_check.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::model {
namespace {

class IdentityCheck {
 public:
  IdentityCheck(const Draft& draft, const Unread& unread, Problems& problems)
      : draft_(draft), unread_(unread), problems_(problems) {}

  void check(const Machine& machine) {
    check_shape(machine);
    check_address(machine);
    bool is_twin = false;
    for (const Identifier& known_by : identifiers_of(machine)) is_twin |= check_distinct(machine, known_by);
    check_name(machine, is_twin);
  }

 private:
  void error(const Place& place, std::string what, std::string remedy = {}) {
    problems_.push_back({place, std::move(what), std::move(remedy), Severity::error});
  }

  static bool is_unread_identity(const Machine& machine) {
    return is_unread(machine, "mac", "uuid", "client-id", "relay-circuit", "relay-remote");
  }

  void check_shape(const Machine& machine) {
    bool named = !machine.macs.empty() || machine.uuid || !machine.client_id.empty();
    if (!named && !machine.is_a_port() && !is_unread_identity(machine)) {
      error(machine.place, fmt::format("machine '{}' has no MAC address", machine.name),
            "add mac = \"0c:c4:7a:ab:cd:ef\", or uuid, client-id or relay-circuit");
    }
    if (named && machine.is_a_port()) {
      error(place_of(machine, machine.relay_circuit.empty() ? "relay-remote" : "relay-circuit"),
            fmt::format("machine '{}' is named by itself and by the port it is on", machine.name),
            "leave out one of the two: at a port of a relay whoever is plugged in is this machine");
    }
    for (const MacAddress& mac : machine.macs) {
      if (!mac.is_zero() && !mac.is_multicast()) continue;
      error(place_of(machine, "mac"),
            fmt::format("machine '{}': {} is no network card's address", machine.name, mac.to_string()),
            "look at the card or its first DHCP packet: `slipway events`");
    }
  }

  void check_address(const Machine& machine) {
    if (!machine.address) return;
    auto [holder, is_first] = by_address_.emplace(*machine.address, &machine);
    if (is_first) return;
    error(place_of(machine, "address"),
          fmt::format("machines '{}' and '{}' both have address {}", holder->second->name, machine.name,
                      machine.address->to_string()));
  }

  /// True where another entry is the same machine in another subnet.
  bool check_distinct(const Machine& machine, const Identifier& known_by) {
    auto& others = by_identifier_[fmt::format("{} {}", known_by.kind, known_by.value)];
    bool is_twin = false;
    for (const Machine* other : others) {
      is_twin = unread_.subnets || is_unread(machine, "address") || is_unread(*other, "address") ||
                are_in_two_subnets(machine, *other);
      if (is_twin) continue;
      error(place_of(machine, known_by.key),
            fmt::format("machines '{}' and '{}' both have {} {}", other->name, machine.name, known_by.kind,
                        known_by.value),
            "one machine may stand here once for each subnet, with an address of that subnet");
      break;
    }
    others.push_back(&machine);
    return is_twin;
  }

  bool are_in_two_subnets(const Machine& one, const Machine& other) const {
    const Subnet *here = subnet_of(one), *there = subnet_of(other);
    return here && there && here != there;
  }

  const Subnet* subnet_of(const Machine& machine) const {
    if (!machine.address) return nullptr;
    auto in = std::find_if(draft_.subnets.begin(), draft_.subnets.end(), [&](const Subnet& subnet) {
      return !is_unread(subnet, "network") && subnet.network.contains(*machine.address);
    });
    return in == draft_.subnets.end() ? nullptr : &*in;
  }

  void check_name(const Machine& machine, bool is_twin) {
    if (machine.name.empty()) return;
    auto [first, is_first] = by_name_.emplace(machine.name, &machine);
    bool may_be_twins = is_unread_identity(machine) || is_unread_identity(*first->second);
    if (!is_first && !is_twin && !may_be_twins) {
      error(place_of(machine, "name"), fmt::format("machine '{}' is there twice", machine.name));
    }
  }

  const Draft& draft_;
  const Unread& unread_;
  Problems& problems_;
  std::unordered_map<std::string, const Machine*> by_name_;
  std::unordered_map<Ipv4, const Machine*> by_address_;
  std::unordered_map<std::string, std::vector<const Machine*>> by_identifier_;
};

}  // namespace

void check_identities(const Draft& draft, const Unread& unread, Problems& problems) {
  IdentityCheck check(draft, unread, problems);
  for (const Machine& machine : draft.machines) check.check(machine);
}

}  // namespace slipway::model
