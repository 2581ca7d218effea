// SPDX-License-Identifier: MPL-2.0
// What passes between reading a source and judging it: facts about its files, and the verdict. Values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/digest.h"
#include "image/finding.h"

namespace slipway::image {

/// As much of each file as verification looks at.
inline constexpr std::size_t kept_head = 34 * 1024;

/// What was seen of one file while it was read.
struct FileFacts {
  std::string path;       ///< in the source
  std::string stored_as;  ///< in the image; empty: read for its STAMP only
  std::uint64_t size = 0;
  Digests digests;
  Bytes head;          ///< the first kept_head bytes, or all
  std::string broken;  ///< of what is packed: why it cannot be unpacked; empty: it can
};

/// A file that the image gets although the source did not have it.
struct MadeFile {
  std::string stored_as;
  std::string content;
};

struct Verdict {
  std::string version;  ///< of SmartOS the STAMP; empty when that is an error
  std::vector<MadeFile> made;
  Findings findings;
};

}  // namespace slipway::image
