// SPDX-License-Identifier: MPL-2.0
// Opening a file that must lie beneath a folder: no "..", no symbolic link on the way leads out, and what
// is opened is a regular file.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/safe_path.h"
#include "base/unique_fd.h"

namespace slipway {

struct OpenedFile {
  UniqueFd fd;  ///< read-only
  std::uint64_t size = 0;
  std::int64_t modified = 0;  ///< nanoseconds since the epoch
};

enum class OpenError { absent, forbidden, not_a_file, failed };

/// `folder` may itself be reached through links; within it links that stay inside are followed.
Result<OpenedFile, OpenError> open_beneath(const std::string& folder, const SafePath& path);

}  // namespace slipway
