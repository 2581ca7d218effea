// SPDX-License-Identifier: MPL-2.0
// Architectures by the names people type on a command line.
#pragma once

#include <optional>
#include <string_view>

#include "model/client.h"

namespace slipway::model {

/// "bios", "uefi", "arm64" and the like, or the number of option 93; nothing for any other text.
std::optional<Arch> arch_named(std::string_view text);

}  // namespace slipway::model
