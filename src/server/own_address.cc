// SPDX-License-Identifier: MPL-2.0
#include "server/own_address.h"

namespace slipway::server {

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

}  // namespace slipway::server
