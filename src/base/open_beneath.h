// SPDX-License-Identifier: MPL-2.0
// Opening a regular file beneath a folder, whatever lies there: nothing outside the folder is reached.
// Yields no descriptor when there is none, with errno set (EISDIR: a folder, EXDEV: a link led out,
// ELOOP: a link where none is followed). Any thread.
#pragma once

#include <string>

#include <fcntl.h>

#include "base/safe_path.h"
#include "base/unique_fd.h"

namespace slipway {

/// What becomes of symbolic links on the way: none is followed, or those that stay within the folder.
enum class Links { refused, within };

/// A folder to open files beneath, and for nothing else. The path is the operator's: links on it are
/// followed.
UniqueFd open_folder(const std::string& path);

/// Read-only, regular files only. openat2(2) where the system has and allows it, otherwise step by step,
/// which follows no link at all.
UniqueFd open_beneath(int folder, const SafePath& path, Links links = Links::refused);

/// The same one component after the other; follows no link.
UniqueFd open_step_by_step(int folder, const SafePath& path);

/// What was opened, if it is a regular file; otherwise nothing, with errno set.
UniqueFd only_regular(UniqueFd fd);

/// Not blocking, so that a FIFO put there does not hold us.
inline constexpr int file_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

}  // namespace slipway
