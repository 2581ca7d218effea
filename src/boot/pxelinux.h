// SPDX-License-Identifier: MPL-2.0
// A PXELINUX configuration: one label per entry, and of illumos always one for the rescue. Multiboot kernels
// go through mboot.c32 (BIOS only), which must lie beside pxelinux.0 together with ldlinux.c32 and
// libcom32.c32. Pure, any thread, cannot fail.
#pragma once

#include <string>

#include "boot/decide.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

/// PXELINUX reads this much of a line.
inline constexpr std::size_t pxelinux_line_limit = 2047;

/// Entries it could not start are left out; of the default one it says why.
std::string pxelinux_config(const Decision& decision, const ScriptContext& context);

/// What PXELINUX cannot start.
Findings lint_pxelinux_entries(const Decision& decision, const ScriptContext& context);

}  // namespace slipway::boot
