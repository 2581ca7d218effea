// SPDX-License-Identifier: MPL-2.0
// Whether the files of a SmartOS platform can boot: `unix` is a multiboot kernel, `boot_archive` is whole
// and is what `boot_archive.hash` says, and all agree on one STAMP. Pure: facts about files in, every
// finding out, not only the first. It cannot tell whether unix and boot_archive are of one build when the
// publisher gave no hash.
#pragma once

#include <span>

#include "image/facts.h"
#include "image/layout.h"

namespace slipway::image {

Verdict verify_smartos(const Layout& layout, std::span<const FileFacts> facts);

}  // namespace slipway::image
