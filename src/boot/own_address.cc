// SPDX-License-Identifier: MPL-2.0
#include "boot/own_address.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

using model::Subnet;
using model::SubnetMode;

/// In a proxy's subnet another server gives them, and a machine's word is taken for it.
bool shows_addresses(const Subnet& subnet) {
  return subnet.mode == SubnetMode::proxy || (subnet.mode == SubnetMode::dhcp && !subnet.pools.empty());
}

/// Where it will ask from is seldom known before: any subnet may be the one.
bool can_be_known(const model::Plan& plan, const model::Client& client) {
  if (!client.address.is_any()) {
    const Subnet* here = plan.subnet_of(client.address);
    return here && shows_addresses(*here);
  }
  return std::any_of(plan.subnets().begin(), plan.subnets().end(), shows_addresses);
}

}  // namespace

Findings check_own_address(const model::Plan& plan, const model::Machine* machine,
                           const model::Client& client, std::string_view what) {
  if ((machine && machine->address) || can_be_known(plan, client)) return {};
  return {{Rule::own_address,
           fmt::format("{} will be refused to it: no address is reserved for it, and it gets none from here",
                       what),
           machine ? "add the address that it has to its [[machine]]: address = \"10.99.99.20\""
                   : "name it as a [[machine]], with the address that it has"}};
}

}  // namespace slipway::boot
