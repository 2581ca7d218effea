// SPDX-License-Identifier: MPL-2.0
// What a UFS superblock says about the size of its file system (illumos sys/fs/ufs_fs.h, little-endian).
// Pure; absent when the magic is not there.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace slipway::image {

/// As much of a boot archive as must be kept to find its superblock.
inline constexpr std::size_t ufs_head = 16384;

struct UfsSuperblock {
  std::uint64_t size = 0;  ///< bytes of the file system; 0: the fields are not believable
};

std::optional<UfsSuperblock> parse_ufs(ByteView head);

}  // namespace slipway::image
