// SPDX-License-Identifier: MPL-2.0
// Whether the beginning of a file is that of an illumos kernel: ELF64 for x86-64 with the headers of the
// Multiboot specification, version 0.6.96 §3.1 (and 2 §3.1 for UEFI). Pure; reads no further than it is
// given and never fails: what is not there is absent.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace slipway::image {

/// As much of a kernel as must be kept to look at it.
inline constexpr std::size_t unix_head = 32768;

struct UnixHeader {
  bool elf = false;                       ///< ELF at all
  bool elf64_x86_64 = false;              ///< 64 bits, little-endian, machine 62
  std::optional<std::size_t> multiboot;   ///< offset of a version 1 header with a right checksum
  bool multiboot_bad_checksum = false;    ///< the magic is there, its checksum is wrong
  std::optional<std::size_t> multiboot2;  ///< offset of a version 2 header with a right checksum
};

UnixHeader parse_unix(ByteView head);

}  // namespace slipway::image
