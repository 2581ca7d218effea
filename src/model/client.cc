// SPDX-License-Identifier: MPL-2.0
#include "model/client.h"

#include <fmt/format.h>

namespace slipway::model {
namespace {

std::string_view name_of(Arch arch) {
  switch (arch) {
    case Arch::bios:
      return "BIOS";
    case Arch::uefi_ia32:
      return "x86 UEFI";
    case Arch::uefi_x64:
    case Arch::uefi_x64_bc:
      return "x86-64 UEFI";
    case Arch::uefi_arm32:
      return "ARM 32-bit UEFI";
    case Arch::uefi_arm64:
      return "ARM 64-bit UEFI";
    case Arch::http_x86:
      return "x86 UEFI HTTP";
    case Arch::http_x64:
      return "x86-64 UEFI HTTP";
    case Arch::http_ebc:
      return "EBC HTTP";
    case Arch::http_arm32:
      return "ARM 32-bit UEFI HTTP";
    case Arch::http_arm64:
      return "ARM 64-bit UEFI HTTP";
    case Arch::http_bios:
      return "BIOS HTTP";
    case Arch::uboot_arm32:
      return "ARM 32-bit U-Boot";
    case Arch::uboot_arm64:
      return "ARM 64-bit U-Boot";
    case Arch::riscv32:
      return "RISC-V 32-bit UEFI";
    case Arch::riscv64:
      return "RISC-V 64-bit UEFI";
    case Arch::loongarch32:
      return "LoongArch 32-bit UEFI";
    case Arch::loongarch64:
      return "LoongArch 64-bit UEFI";
    case Arch::raspberry_pi:
      return "Raspberry Pi";
  }
  return "";
}

}  // namespace

std::string to_string(Arch arch) {
  std::string_view name = name_of(arch);
  auto code = static_cast<unsigned>(arch);
  return name.empty() ? fmt::format("architecture {}", code) : fmt::format("{} ({})", name, code);
}

bool is_http_boot(Arch arch) {
  return arch >= Arch::http_x86 && arch <= Arch::http_bios;
}

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::unknown:
      return "unknown client";
    case Stage::pxe_rom:
      return "PXE firmware";
    case Stage::http_rom:
      return "UEFI HTTP Boot firmware";
    case Stage::ipxe:
      return "iPXE";
    case Stage::illumos_loader:
      return "illumos loader";
    case Stage::grub:
      return "GRUB";
    case Stage::operating_system:
      return "operating system";
  }
  return "unknown client";
}

}  // namespace slipway::model
