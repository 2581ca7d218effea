// SPDX-License-Identifier: MPL-2.0
// Where a machine will reach this server, told before it asks: for what is judged ahead of a boot, and for
// people. Any thread.
#pragma once

#include <string>
#include <vector>

#include "boot/names.h"
#include "model/plan.h"
#include "net/interfaces.h"

namespace slipway::server {

/// Our address in the machine's subnet, or in the first one; the network's own where we have none there.
/// `machine`: null for one that the file does not name.
boot::Base base_of(const model::Plan& plan, const model::Machine* machine,
                   const std::vector<net::Interface>& interfaces);

/// The name of the interface that the subnet, or another on its wire, is on; empty: machines of it come
/// through a relay.
std::string interface_of(const model::Plan& plan, const model::Subnet& subnet,
                         const std::vector<net::Interface>& interfaces);

}  // namespace slipway::server
