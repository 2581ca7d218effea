// SPDX-License-Identifier: MPL-2.0
// What the daemon would fill a script in with, worked out without the daemon: for check and preview.
#pragma once

#include "boot/ipxe_script.h"
#include "model/plan.h"

namespace slipway::cli {

/// The server's address is ours on the machine's subnet; where this machine has none there, the network's
/// own address stands in its place.
boot::ScriptContext script_context(const model::Plan& plan, const model::Client& client);

/// The network whose own address stands in the server's place; null where the address is a true one.
const model::Subnet* stand_in_for(const model::Plan& plan, const model::Client& client);

}  // namespace slipway::cli
