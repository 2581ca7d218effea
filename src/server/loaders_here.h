// SPDX-License-Identifier: MPL-2.0
// The boot loaders that are there to be served, with what they can do: read from their files. Any thread;
// blocks for the reading of a few megabytes.
#pragma once

#include "boot/loader_check.h"

namespace slipway::server {

boot::Loaders loaders_here(const model::Plan& plan);

}  // namespace slipway::server
