// SPDX-License-Identifier: MPL-2.0
// Writes an exported tree into a folder that may be served at this moment: each file is staged beside its
// place, synced and renamed, scripts after what they name. A list in the folder (.slipway-export) says what
// is ours: what the next export does not need any more goes, what others put there is left alone. Blocks.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "exports/tree.h"

namespace slipway::cli {

struct Exported {
  std::uint64_t bytes = 0;  ///< of all files
  std::size_t written = 0, removed = 0;
};

/// `force`: files at our places that are not on the list are replaced, too. Bytes of images are verified on
/// the way. `progress`: bytes done and in all.
Result<Exported, Fault> write_tree(const exports::Tree& tree, const model::ServerSettings& server,
                                   const std::string& folder, bool force,
                                   const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace slipway::cli
