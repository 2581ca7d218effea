// SPDX-License-Identifier: MPL-2.0
// Folders that are there after a power cut. Failures leave errno set. Any thread.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace slipway {

/// Held, for looking beneath it; a link is not followed.
UniqueFd open_folder(int beneath, const std::string& path);

/// What was made, renamed or removed in it is durable from now on.
bool sync_folder(const std::string& path);

/// Makes the folder, and those above it that are missing, for the account that owns the one above; nothing
/// when it is there. 0755 whatever the umask.
bool make_folder(const std::string& path);

}  // namespace slipway
