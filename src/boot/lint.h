// SPDX-License-Identifier: MPL-2.0
// Looks for everything known to go wrong between a loader and an illumos kernel, before a machine meets
// it: over a decision (what will be booted) and over text (what will be served, whoever wrote it).
// The rules stand in finding.cc. Pure, any thread; it reports and changes nothing.
#pragma once

#include <string_view>

#include "boot/decide.h"
#include "boot/finding.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

/// What every loader has in common: arguments, boot files, modules of every entry.
Findings lint_entries(const Decision& decision);
/// What iPXE alone has: its words, its limit of modules, its byte budget.
Findings lint_ipxe_entries(const Decision& decision, const ScriptContext& context);
/// What is wrong with the rescue that PXELINUX and GRUB legacy offer though the profile names none.
Findings lint_added_rescue(const Boot& boot);
/// What every loader and iPXE have: see loader_lint.h for the other loaders.
Findings lint(const Decision& decision, const ScriptContext& context);

/// An iPXE script as text, for an iPXE with these limits.
Findings lint_ipxe(std::string_view script, const Limits& limits = {});

/// A PXELINUX configuration as text.
Findings lint_pxelinux(std::string_view config);

}  // namespace slipway::boot
