// SPDX-License-Identifier: MPL-2.0
#include "model/client.h"

#include <iterator>

#include <fmt/format.h>

namespace slipway::model {
namespace {

struct ArchRow {
  std::string_view name;
  bool http = false;
};

/// All of IANA's registry "Processor Architecture Types", in the order of their codes.
constexpr ArchRow registry[] = {
    {"BIOS"},
    {"NEC PC-98"},
    {"Itanium EFI"},
    {"DEC Alpha"},
    {"Arc x86"},
    {"Intel Lean Client"},
    {"x86 UEFI"},
    {"x86-64 UEFI"},
    {"XScale EFI"},
    {"x86-64 UEFI"},  // RFC 4578 and its erratum swap 7 and 9
    {"ARM 32-bit UEFI"},
    {"ARM 64-bit UEFI"},
    {"PowerPC Open Firmware"},
    {"PowerPC ePAPR"},
    {"POWER OPAL v3"},
    {"x86 UEFI HTTP", true},
    {"x86-64 UEFI HTTP", true},
    {"EBC HTTP", true},
    {"ARM 32-bit UEFI HTTP", true},
    {"ARM 64-bit UEFI HTTP", true},
    {"BIOS HTTP", true},
    {"ARM 32-bit U-Boot"},
    {"ARM 64-bit U-Boot"},
    {"ARM 32-bit U-Boot HTTP", true},
    {"ARM 64-bit U-Boot HTTP", true},
    {"RISC-V 32-bit UEFI"},
    {"RISC-V 32-bit UEFI HTTP", true},
    {"RISC-V 64-bit UEFI"},
    {"RISC-V 64-bit UEFI HTTP", true},
    {"RISC-V 128-bit UEFI"},
    {"RISC-V 128-bit UEFI HTTP", true},
    {"s390 basic"},
    {"s390 extended"},
    {"MIPS 32-bit UEFI"},
    {"MIPS 64-bit UEFI"},
    {"Sunway 32-bit UEFI"},
    {"Sunway 64-bit UEFI"},
    {"LoongArch 32-bit UEFI"},
    {"LoongArch 32-bit UEFI HTTP", true},
    {"LoongArch 64-bit UEFI"},
    {"LoongArch 64-bit UEFI HTTP", true},
    {"Raspberry Pi"},
};
static_assert(std::size(registry) == static_cast<std::size_t>(Arch::raspberry_pi) + 1);

const ArchRow* row_of(Arch arch) {
  auto code = static_cast<std::size_t>(arch);
  return code < std::size(registry) ? &registry[code] : nullptr;
}

}  // namespace

std::string to_string(Arch arch) {
  const ArchRow* row = row_of(arch);
  auto code = static_cast<unsigned>(arch);
  return row ? fmt::format("{} ({})", row->name, code) : fmt::format("architecture {}", code);
}

bool is_http_boot(Arch arch) {
  const ArchRow* row = row_of(arch);
  return row && row->http;
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
