// SPDX-License-Identifier: MPL-2.0
#include "server/own_address.h"

#include <algorithm>

namespace slipway::server {
namespace {

std::string own_interface_of(const model::Plan& plan, const model::Subnet& subnet,
                             const std::vector<net::Interface>& interfaces) {
  if (!subnet.interface.empty()) return subnet.interface;
  for (const std::string& name : plan.server().interfaces) {
    const net::Interface* interface = net::find_interface(interfaces, name);
    if (!interface) continue;
    bool within = std::any_of(interface->ipv4.begin(), interface->ipv4.end(),
                              [&](const auto& at) { return subnet.network.contains(at.address); });
    if (within) return name;
  }
  return {};
}

}  // namespace

boot::Base base_of(const model::Plan& plan, const model::Machine* machine,
                   const std::vector<net::Interface>& interfaces) {
  const model::Subnet* own = machine && machine->address ? plan.subnet_of(*machine->address) : nullptr;
  const model::Subnet& subnet = own ? *own : plan.subnets().front();
  boot::Base base{subnet.next_server.value_or(subnet.network.network), plan.server().http_port,
                  plan.server().tftp_port};
  if (subnet.next_server) return base;
  for (const net::Interface& interface : interfaces) {
    for (const net::InterfaceAddress& at : interface.ipv4) {
      if (subnet.network.contains(at.address)) base.address = at.address;
    }
  }
  return base;
}

std::string interface_of(const model::Plan& plan, const model::Subnet& subnet,
                         const std::vector<net::Interface>& interfaces) {
  std::string own = own_interface_of(plan, subnet, interfaces);
  if (!own.empty() || subnet.shared_network.empty()) return own;
  for (const model::Subnet& other : plan.subnets()) {
    if (other.shared_network != subnet.shared_network) continue;
    own = own_interface_of(plan, other, interfaces);
    if (!own.empty()) break;
  }
  return own;
}

}  // namespace slipway::server
