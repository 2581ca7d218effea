// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_traits.h"

#include <algorithm>
#include <array>

namespace slipway::boot {
namespace {

using model::Arch;
using model::IpxeFeatures;

struct Named {
  std::string_view in_file;  ///< as FEATURE() names it
  bool IpxeFeatures::*feature;
  std::string_view shown;
};

constexpr std::array<Named, 8> features{{
    {"HTTP", &IpxeFeatures::http, "HTTP"},
    {"HTTPS", &IpxeFeatures::https, "HTTPS"},
    {"iSCSI", &IpxeFeatures::iscsi, "iSCSI"},
    {"bzImage", &IpxeFeatures::bzimage, "Linux kernels"},
    {"MBOOT", &IpxeFeatures::multiboot, "multiboot"},
    {"MBOOT2", &IpxeFeatures::multiboot2, "multiboot2"},
    {"EFI", &IpxeFeatures::efi, "EFI programs"},
    {"Menu", &IpxeFeatures::menu, "menus"},
}};

std::uint32_t little(ByteView bytes, std::size_t at, std::size_t width) {
  if (bytes.size() < width || at > bytes.size() - width) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | bytes[at + i];
  return value;
}

/// PE/COFF machine types (Microsoft, "PE Format").
std::optional<Arch> arch_of_machine(std::uint32_t machine) {
  switch (machine) {
    case 0x8664:
      return Arch::uefi_x64;
    case 0x014c:
      return Arch::uefi_ia32;
    case 0xaa64:
      return Arch::uefi_arm64;
    case 0x01c2:
      return Arch::uefi_arm32;
    case 0x5064:
      return Arch::riscv64;
    case 0x6264:
      return Arch::loongarch64;
    default:
      return std::nullopt;
  }
}

/// An EFI application: MZ, then "PE\0\0" where the word at 0x3c says, its machine, and subsystem 10.
std::optional<Arch> arch_of_efi(ByteView file) {
  constexpr std::size_t subsystem_at = 24 + 68;
  if (!as_text(file).starts_with("MZ")) return std::nullopt;
  std::size_t pe = little(file, 0x3c, 4);
  if (pe == 0 || little(file, pe, 4) != 0x4550 || little(file, pe + subsystem_at, 2) != 10)
    return std::nullopt;
  return arch_of_machine(little(file, pe + 4, 2));
}

/// A text of its own, with a NUL on either side.
bool has_text(std::string_view file, std::string_view text) {
  for (std::size_t at = file.find(text); at != std::string_view::npos; at = file.find(text, at + 1)) {
    std::size_t end = at + text.size();
    if (at > 0 && file[at - 1] == '\0' && end < file.size() && file[end] == '\0') return true;
  }
  return false;
}

}  // namespace

std::optional<LoaderTraits> recognise_loader(ByteView file) {
  std::string_view text = as_text(file);
  if (auto arch = arch_of_efi(file)) {
    LoaderTraits traits{*arch, text.find("iPXE") != std::string_view::npos, {}};
    if (!traits.ipxe) return traits;
    for (const Named& named : features) traits.features.*named.feature = has_text(text, named.in_file);
    // Every build has a feature or two; without any the names are packed away.
    traits.features.reported = traits.features != IpxeFeatures();
    return traits;
  }
  // iPXE, src/arch/x86/prefix/pxeprefix.S: a far jump to 07c0:0005, which no other loader begins with.
  if (text.starts_with(std::string_view("\xea\x05\x00\xc0\x07", 5)))
    return LoaderTraits{Arch::bios, true, {}};
  // Linux/x86 boot protocol: ipxe.lkrn and its like.
  if (little(file, 0x1fe, 2) == 0xaa55 && little(file, 0x202, 4) == 0x53726448)
    return LoaderTraits{Arch::bios, false, {}};
  return std::nullopt;
}

std::string to_string(const IpxeFeatures& told) {
  if (!told.reported) return "not told";
  std::string text;
  for (const Named& named : features) {
    if (told.*named.feature) text += (text.empty() ? "" : ", ") + std::string(named.shown);
  }
  return text;
}

}  // namespace slipway::boot
