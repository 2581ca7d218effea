// SPDX-License-Identifier: MPL-2.0
// GRUB legacy's menu.lst with the seven entries SmartOS people know: live, kmdb, ttyb, ttyb and kmdb, ttya,
// ttya and kmdb, rescue. For menus that are there already; new sites use iPXE. Pure, any thread.
#pragma once

#include <string>

#include "boot/decide.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

/// The entries are made from the profile and overrides of `context.mac`, or of an unknown machine.
std::string menu_lst(const model::Plan& plan, const Decision& decision, const ScriptContext& context);

}  // namespace slipway::boot
