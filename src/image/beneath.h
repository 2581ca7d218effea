// SPDX-License-Identifier: MPL-2.0
// Opening a regular file beneath a folder, whatever lies there: no symbolic link is followed on the way,
// nothing outside is reached. Yields no descriptor when there is none, with errno set.
#pragma once

#include "base/safe_path.h"
#include "base/unique_fd.h"

namespace slipway::image {

/// Read-only, regular files only. openat2(2) where the kernel has and allows it, otherwise step by step.
UniqueFd open_beneath(int folder, const SafePath& path);

/// The same without openat2, one component after the other.
UniqueFd open_step_by_step(int folder, const SafePath& path);

}  // namespace slipway::image
