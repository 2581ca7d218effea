// SPDX-License-Identifier: MPL-2.0
// Brings an image into the store: an archive, ISO, disk image or folder is read twice (once to know what is
// in it and whether it fits, once to copy), verified, and appears under its id at once or not at all. Runs in
// the process of the command, never in the daemon: archives from strangers are parsed there. Blocks its
// thread. Every refusal is a value with its rule and remedy; whatever ends an import early, a signal
// included, leaves the store as it was (after a crash the next import or sweep deletes the rest).
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "image/finding.h"
#include "image/store.h"
#include "image/system.h"
#include "model/image.h"

namespace slipway::image {

enum class Phase { checking, unpacking, reading, copying, comparing, finishing };
/// "checking", "unpacking", "reading", "copying", "comparing", "finishing".
std::string_view to_string(Phase phase);

struct Progress {
  Phase phase = Phase::reading;
  std::uint64_t done = 0;   ///< bytes
  std::uint64_t total = 0;  ///< 0: not known
};

struct ImportOptions {
  std::function<void(const Progress&)> progress;  ///< about every megabyte; may be empty
  const std::atomic<bool>* stop = nullptr;        ///< set, from a signal handler for example: give up
  Instant now{};                                  ///< noted as the time of import
  Wish wish;                                      ///< what the operator says of the source
};

struct ImportReport {
  model::Image image;
  Findings findings;           ///< warnings and notes
  bool already_there = false;  ///< the same content was imported before, and is whole: nothing changed
  bool replaced = false;       ///< the same content was imported before, and was damaged since
};

Result<ImportReport, Refusal> import_image(const std::string& source, Store& store,
                                           const ImportOptions& options = {});

}  // namespace slipway::image
