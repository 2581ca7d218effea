// SPDX-License-Identifier: MPL-2.0
// What an import of this file would find, without a store and without a daemon: every finding, not only
// the first. Reads, writes nothing. Blocks its thread.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "image/finding.h"
#include "image/importer.h"
#include "model/image.h"

namespace slipway::image {

struct Inspection {
  std::string source;         ///< as given
  std::string format;         ///< "tar archive (gzip)", "ISO 9660", "folder"
  std::string layout;         ///< "platform-STAMP/ at the top", empty when none was recognised
  model::Image image;         ///< its id only when nothing is an error
  std::uint64_t entries = 0;  ///< in the source, wanted or not
  Findings findings;          ///< errors, warnings and notes, errors first
  bool importable() const { return !has_errors(findings); }
};

/// A source that cannot be read at all is an inspection with that finding.
Inspection inspect(const std::string& source, const ImportOptions& options = {});

}  // namespace slipway::image
