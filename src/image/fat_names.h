// SPDX-License-Identifier: MPL-2.0
// The slots of a FAT folder as names. Pure, any thread.
#pragma once

#include <vector>

#include "image/fat.h"

namespace slipway::image {

/// Up to the end that the folder marks; without ".", "..", volume labels and what was deleted. `path` is the
/// name alone.
std::vector<FatFile> fat_entries(ByteView folder);

}  // namespace slipway::image
