// SPDX-License-Identifier: MPL-2.0
// GRUB 2's grub.cfg, for sites that start their machines with it and for UEFI machines with Secure Boot,
// which trust a signed GRUB and no iPXE. GRUB drops a kernel's own name, so it is said twice, and puts a
// backslash before every quote it hands on: what needs quotes cannot go this road, and the console says so.
// Source: GRUB 2.06, grub-core/lib/cmdline.c, loader/multiboot.c, net/net.c. Pure, any thread.
#pragma once

#include <string>

#include "boot/decide.h"
#include "boot/finding.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

std::string grub_cfg(const Decision& decision, const ScriptContext& context);

/// What keeps entries of the decision from going this road.
Findings lint_grub(const Decision& decision, const ScriptContext& context);

}  // namespace slipway::boot
