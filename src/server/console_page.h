// SPDX-License-Identifier: MPL-2.0
// Where people find a machine's story: what a machine that does not boot prints on its console. Pure, any
// thread.
#pragma once

#include <string>

#include "boot/ipxe_script.h"
#include "model/plan.h"

namespace slipway::server {

/// `console-url` of the file, or, without it, where the API listens: at the address the machine reached us by
/// if that is among them, otherwise at the first that others can reach. Empty: nowhere.
std::string console_page(const model::Plan& plan, const boot::ScriptContext& context);

}  // namespace slipway::server
