// SPDX-License-Identifier: MPL-2.0
// The languages of loaders, as one table: what is rendered for each, and what is wrong for each. The same
// lint runs for `check`, `boot preview`, assignments and the API. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boot/finding.h"
#include "boot/ipxe_script.h"
#include "model/plan.h"

namespace slipway::boot {

enum class Language { ipxe, pxelinux, grub, menu_lst, illumos };
std::string_view to_string(Language language);  ///< "menu.lst"
std::optional<Language> language_named(std::string_view text);

/// Of the program of this name; nothing where its name does not tell.
std::optional<Language> language_of_file(std::string_view file);

/// Exactly what would be served.
std::string rendered(Language language, const Decision& decision, const ScriptContext& context);
/// What is wrong with it: the rules of every loader, and those of this one.
Findings lint(Language language, const Decision& decision, const ScriptContext& context);

/// What the loader reads that the first of the machine's groups hands out; iPXE's scripts where none does.
Language language_of(const model::Plan& plan, const model::Machine* machine);

}  // namespace slipway::boot
