// SPDX-License-Identifier: MPL-2.0
// Whether what lies in the store is still what was imported: every byte is read again and digested. Blocks
// its thread; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "image/store.h"

namespace slipway::image {

struct Soundness {
  std::vector<Fault> damaged;     ///< files with other bytes than were imported
  std::vector<Fault> unreadable;  ///< the disk gave an error: nothing is known of them
  bool whole() const { return damaged.empty() && unreadable.empty(); }
};

/// `read` hears of every piece: how many bytes it had. What it answers is whether to go on.
Soundness soundness_of(const Store& store, const model::Image& image,
                       const std::function<bool(std::uint64_t)>& read);

}  // namespace slipway::image
