// SPDX-License-Identifier: MPL-2.0
// What can be said of every boot of a plan before a machine asks. Pure; any thread.
#pragma once

#include <functional>

#include "base/problem.h"
#include "boot/ipxe_script.h"
#include "boot/loader_check.h"
#include "model/plan.h"

namespace slipway::boot {

/// What the scripts of this machine are filled in with.
using ContextOf = std::function<ScriptContext(const model::Client&)>;

/// Of the kernel arguments, boot modules and disks of each profile and machine in each variant, whatever
/// loads them. A reload refuses the errors.
Problems check_arguments(const model::Plan& plan);

/// Of these, and of what every machine would be served: as a BIOS machine by its loader, and by the loaders
/// that classes hand out. What is wrong with one of several only is a warning. `here`: the loaders that can
/// be served.
Problems check_plan(const model::Plan& plan, const Loaders& here, const ContextOf& context_of);

}  // namespace slipway::boot
