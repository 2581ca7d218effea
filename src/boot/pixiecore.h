// SPDX-License-Identifier: MPL-2.0
// What pixiecore is told when it asks an API server how to boot a machine (its README.api.md, /v1/boot/MAC):
// kernel, initrds and arguments where that says all of it, otherwise the machine's whole iPXE script, which
// pixiecore hands on. Pure, any thread, cannot fail.
#pragma once

#include <optional>
#include <string>

#include "boot/ipxe_script.h"

namespace slipway::boot {

/// JSON; nothing where pixiecore is to leave the machine alone.
std::optional<std::string> pixiecore_answer(const Decision& decision, const ScriptContext& context);

}  // namespace slipway::boot
