// SPDX-License-Identifier: MPL-2.0
// How long a file is by what its own headers say, so that one cut short is known before a machine finds out.
// Reads no further than the head it is given and never fails: 0 where nothing is announced. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace slipway::image {

/// bzImage, from protocol 2.04 on: setup sectors and what stands behind them ("Linux/x86 Boot Protocol" 1.1,
/// setup_sects and syssize).
std::uint64_t announced_linux(ByteView head);
/// The end of the last section on disk ("Microsoft PE and COFF Specification" §4).
std::uint64_t announced_efi(ByteView head);
/// The end of the last segment, and of the table of sections (ELF-32 and ELF-64, little-endian).
std::uint64_t announced_elf(ByteView head);
/// The volume's space (ECMA-119 §8.4.8), less the run-out that a burner may have added to it.
std::uint64_t announced_iso(ByteView head);
/// A file system without partitions, the second header of a GPT (UEFI 2.10 §5.3.2), or the end of the last
/// partition of an MBR.
std::uint64_t announced_disk(ByteView head);

/// What is to be said of a file of `size` bytes that announces more; nothing: it is all there.
std::optional<std::string> announces_more(const std::string& path, std::uint64_t size,
                                          std::uint64_t announced);

}  // namespace slipway::image
