// SPDX-License-Identifier: MPL-2.0
#include "cli/script_context.h"

#include "boot/decide.h"
#include "net/interfaces.h"

namespace slipway::cli {
namespace {

const model::Subnet& subnet_for(const model::Plan& plan, const model::Machine* machine) {
  const model::Subnet* own = machine && machine->address ? plan.subnet_of(*machine->address) : nullptr;
  return own ? *own : plan.subnets().front();
}

std::optional<Ipv4> server_address(const model::Subnet& subnet) {
  if (subnet.next_server) return *subnet.next_server;
  for (const net::Interface& interface : net::list_interfaces()) {
    for (const net::InterfaceAddress& at : interface.ipv4) {
      if (subnet.network.contains(at.address)) return at.address;
    }
  }
  return std::nullopt;
}

}  // namespace

boot::ScriptContext script_context(const model::Plan& plan, const model::Client& client) {
  const model::Machine* machine = boot::machine_of(plan, client);
  boot::ScriptContext about;
  const model::Subnet& subnet = subnet_for(plan, machine);
  about.base = {server_address(subnet).value_or(subnet.network.network), plan.server().http_port,
                plan.server().tftp_port};
  about.mac = client.mac;
  about.machine = machine ? machine->name : client.mac.to_string();
  about.request_id = "preview";
  return about;
}

const model::Subnet* stand_in_for(const model::Plan& plan, const model::Client& client) {
  const model::Subnet& subnet = subnet_for(plan, boot::machine_of(plan, client));
  return server_address(subnet) ? nullptr : &subnet;
}

}  // namespace slipway::cli
