// SPDX-License-Identifier: MPL-2.0
// What the asking program can start at all, whatever a profile says. Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "boot/decide.h"

namespace slipway::boot {

/// What helps a UEFI machine whose iPXE cannot start SmartOS.
inline constexpr std::string_view uefi_remedy =
    "give the server an iPXE with multiboot2 (slipway loader add FILE), or switch the firmware to BIOS "
    "(legacy, CSM) boot";

/// Where the client's firmware is a BIOS, where UEFI; nothing: it did not say.
std::optional<bool> starts_by_uefi(const model::Client& client);

/// Why this client cannot start images of this kind; `kind` unknown: nothing is known against it.
std::optional<Refusal> incapable(const model::Client& client, std::optional<model::ImageKind> kind);

}  // namespace slipway::boot
