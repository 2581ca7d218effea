// SPDX-License-Identifier: MPL-2.0
// Opening a regular file beneath a folder, whatever lies there: nothing outside the folder is reached.
// Yields no descriptor when there is none, with errno set (EISDIR: a folder, EXDEV: a link led out,
// ELOOP: a link where none is followed). Any thread.
#pragma once

#include "base/safe_path.h"
#include "base/unique_fd.h"

namespace slipway {

/// What becomes of symbolic links on the way: none is followed, or those that stay within the folder.
enum class Links { refused, within };

/// Read-only, regular files only. openat2(2) where the kernel has and allows it, otherwise step by step.
UniqueFd open_beneath(int folder, const SafePath& path, Links links = Links::refused);

/// The same without openat2, one component after the other; follows no link.
UniqueFd open_step_by_step(int folder, const SafePath& path);

}  // namespace slipway
