// SPDX-License-Identifier: MPL-2.0
// The commands that load and start one entry, as iPXE wants them for each way of starting. Each ends in a
// jump to a label of `causes_of` when it fails. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "boot/budget.h"
#include "boot/decide.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

/// What keeps this entry from being started, or nothing.
std::string fault_of(const Entry& entry, const ScriptContext& context, const Limits& limits);

/// From the kernel to `boot`, a line each.
std::vector<std::string> start_lines(const Entry& entry, const ScriptContext& context, const Limits& limits);

/// The labels those lines jump to, beyond the ones that every script has: each sets cause and hint.
std::string causes_of(std::string_view script);

}  // namespace slipway::boot
