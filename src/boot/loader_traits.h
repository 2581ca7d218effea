// SPDX-License-Identifier: MPL-2.0
// What a boot loader's file says of itself: the firmware it is for, by the head of an EFI program (PE/COFF)
// or of a BIOS boot program, and of an iPXE for UEFI what it can start, by the names that its features have
// in it (src/core/main.c prints them). A BIOS build is packed and does not tell. Pure, any thread; never
// reads beyond the bytes given.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "model/client.h"

namespace slipway::boot {

/// Larger files are no loaders.
inline constexpr std::size_t most_loader_bytes = 16 << 20;

struct LoaderTraits {
  model::Arch arch = model::Arch::bios;
  bool ipxe = false;             ///< known to be one
  model::IpxeFeatures features;  ///< `reported`: the file tells

  /// An iPXE that starts SmartOS from UEFI.
  bool starts_multiboot_from_uefi() const { return features.reported && features.multiboot2; }
  friend bool operator==(const LoaderTraits&, const LoaderTraits&) = default;
};

/// Nothing: neither head is there.
std::optional<LoaderTraits> recognise_loader(ByteView file);

/// "HTTP, HTTPS, multiboot2"; "not told" where the file does not say.
std::string to_string(const model::IpxeFeatures& features);

}  // namespace slipway::boot
