// SPDX-License-Identifier: MPL-2.0
// A file that fits in memory, read at once. Any thread.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace slipway {

/// Nothing, and errno set, where there is no such regular file, it cannot be read, or it has more than `most`
/// bytes (EFBIG). Links are followed.
std::optional<Bytes> read_small_file(const std::string& path, std::size_t most);

}  // namespace slipway
