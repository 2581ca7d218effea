// SPDX-License-Identifier: MPL-2.0
// Whether the files of a System can boot: the kernel is one, the initrd is something a kernel unpacks, the
// program is for x86-64 UEFI, the ISO is one. Pure: facts about files in, every finding out. It cannot tell
// whether they are of one release.
#pragma once

#include <span>

#include "image/facts.h"
#include "image/system.h"

namespace slipway::image {

/// A kernel as boot loaders know it: "Linux/x86 Boot Protocol" 1.1, the header of protocol 2.0 and later.
bool is_linux_x86(ByteView head);

/// A PE program for x86-64 ("Microsoft PE and COFF Specification" §2, §3.3).
bool is_efi_program(ByteView head);

Verdict verify_system(const System& system, std::span<const FileFacts> facts);

}  // namespace slipway::image
