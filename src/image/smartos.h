// SPDX-License-Identifier: MPL-2.0
// Whether the files of a SmartOS platform can boot: `unix` is a multiboot kernel, `boot_archive` is whole
// and is what `boot_archive.hash` says, and all agree on one STAMP. Pure: facts about files in, every
// finding out, not only the first. It cannot tell whether unix and boot_archive are of one build when the
// publisher gave no hash.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "image/digest.h"
#include "image/finding.h"
#include "image/layout.h"
#include "model/image.h"

namespace slipway::image {

/// As much of each file as verification looks at.
inline constexpr std::size_t kept_head = 32768;

/// What was seen of one file while it was read.
struct FileFacts {
  std::string path;       ///< in the source
  std::string stored_as;  ///< in the image; empty: read for its STAMP only
  std::uint64_t size = 0;
  Digests digests;
  Bytes head;  ///< the first kept_head bytes, or all
};

/// A file that the image gets although the source did not have it.
struct MadeFile {
  std::string stored_as;
  std::string content;
};

struct SmartosVerdict {
  std::string version;  ///< the STAMP; empty when that is an error
  std::vector<MadeFile> made;
  Findings findings;
};

SmartosVerdict verify_smartos(const Layout& layout, std::span<const FileFacts> facts);

}  // namespace slipway::image
