// SPDX-License-Identifier: MPL-2.0
// What can be said of every boot of a plan before a machine asks: of kernel arguments, boot modules and disks
// of each profile and machine in each variant, and of what every machine would be served. `slipway check`
// shows it; a reload refuses what is an error of it. Pure; any thread.
#pragma once

#include <functional>

#include "base/problem.h"
#include "boot/ipxe_script.h"
#include "model/plan.h"

namespace slipway::boot {

/// What the scripts of this machine are filled in with.
using ContextOf = std::function<ScriptContext(const model::Client&)>;

Problems check_plan(const model::Plan& plan, const ContextOf& context_of);

}  // namespace slipway::boot
