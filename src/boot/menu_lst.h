// SPDX-License-Identifier: MPL-2.0
// GRUB legacy's menu.lst with the seven entries SmartOS people know: live, kmdb, ttyb, ttyb and kmdb, ttya,
// ttya and kmdb, rescue; of other systems the entries as they are. For menus that are there already; new
// sites use iPXE. Pure, any thread.
#pragma once

#include <string>

#include "boot/decide.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

/// The seven entries are variations of the decision's default one.
std::string menu_lst(const Decision& decision, const ScriptContext& context);

/// What GRUB legacy cannot start.
Findings lint_menu_lst(const Decision& decision, const ScriptContext& context);

}  // namespace slipway::boot
