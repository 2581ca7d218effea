// SPDX-License-Identifier: MPL-2.0
// Whether a file begins as text does: a page of a web server in place of a kernel. Nothing at all is text,
// too.
#pragma once

#include <algorithm>

#include "base/bytes.h"

namespace slipway::image {

inline bool is_text(ByteView head, std::size_t looked_at = 256) {
  ByteView start = head.first(std::min(head.size(), looked_at));
  return std::all_of(start.begin(), start.end(), [](std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\t' || byte == '\n' || byte == '\r';
  });
}

}  // namespace slipway::image
