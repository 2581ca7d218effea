// SPDX-License-Identifier: MPL-2.0
// Little-endian numbers in what x86 machines load. (The wire's order lives in base/bytes.h.)
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace slipway::image {

/// The caller knows that `at + 2` bytes are there.
inline std::uint32_t little16(ByteView bytes, std::size_t at) {
  return bytes[at] | std::uint32_t{bytes[at + 1]} << 8;
}

/// The caller knows that `at + 4` bytes are there.
inline std::uint32_t little32(ByteView bytes, std::size_t at) {
  return bytes[at] | std::uint32_t{bytes[at + 1]} << 8 | std::uint32_t{bytes[at + 2]} << 16 |
         std::uint32_t{bytes[at + 3]} << 24;
}

/// The caller knows that `at + 8` bytes are there.
inline std::uint64_t little64(ByteView bytes, std::size_t at) {
  return little32(bytes, at) | std::uint64_t{little32(bytes, at + 4)} << 32;
}

}  // namespace slipway::image
