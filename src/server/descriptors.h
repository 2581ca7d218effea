// SPDX-License-Identifier: MPL-2.0
// How many files and sockets may be open: each transfer and connection holds one or two, and the soft limit
// of a shell, 1024, is that of a few clients. Called once, while we may raise it; what it cannot have it says
// in the log.
#pragma once

#include <cstdint>

#include "server/log.h"

namespace slipway::server {

/// Raises the limit as far as so many clients need, as root beyond the hard limit, too.
void make_room_for(std::uint64_t clients, Log& log);

}  // namespace slipway::server
