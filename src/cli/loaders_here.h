// SPDX-License-Identifier: MPL-2.0
// The boot loaders of this machine and what they can do, read without the daemon.
#pragma once

#include "boot/loader_check.h"

namespace slipway::cli {

/// Where a loader is served from; empty: it is not here.
std::string loader_path(const model::ServerSettings& server, std::string_view file);

boot::Loaders loaders_here(const model::ServerSettings& server);

}  // namespace slipway::cli
