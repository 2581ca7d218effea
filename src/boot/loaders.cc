// SPDX-License-Identifier: MPL-2.0
#include "boot/loaders.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

using model::Arch;

constexpr std::array<Loader, 18> loader_table{{
    {"undionly.kpxe", "iPXE for BIOS machines, over the ROM's own network driver", "ipxe"},
    {"undionly.kkpxe", "iPXE for BIOS machines whose ROM must stay in memory", "ipxe"},
    {"ipxe.pxe", "iPXE for BIOS machines, with its own network drivers", "ipxe"},
    {"ipxe.lkrn", "iPXE as a Linux kernel", "ipxe"},
    {"ipxe.efi", "iPXE for x86-64 UEFI machines, with its own network drivers", "ipxe"},
    {"snponly.efi", "iPXE for x86-64 UEFI machines, over the firmware's network driver", "ipxe"},
    {"ipxe-i386.efi", "iPXE for 32-bit x86 UEFI machines", ""},
    {"ipxe-arm64.efi", "iPXE for ARM 64-bit UEFI machines", ""},
    {"snponly-arm64.efi", "iPXE for ARM 64-bit UEFI machines, over the firmware's network driver", ""},
    {"ipxe-riscv64.efi", "iPXE for RISC-V 64-bit UEFI machines", ""},
    {"ipxe-loong64.efi", "iPXE for LoongArch 64-bit UEFI machines", ""},
    {"pxelinux.0", "PXELINUX for BIOS machines", "pxelinux"},
    {"lpxelinux.0", "PXELINUX with HTTP for BIOS machines", "pxelinux"},
    {"ldlinux.c32", "PXELINUX's core, needed beside it", "syslinux-common"},
    {"libcom32.c32", "PXELINUX's library, needed beside mboot.c32", "syslinux-common"},
    {"mboot.c32", "PXELINUX's multiboot loader", "syslinux-common"},
    {"pxegrub", "GRUB legacy of illumos", ""},
    {"pxeboot", "the illumos loader", ""},
}};

constexpr std::array<std::string_view, 2> bios{"undionly.kpxe", "ipxe.pxe"};
constexpr std::array<std::string_view, 2> x64{"ipxe.efi", "snponly.efi"};
constexpr std::array<std::string_view, 1> ia32{"ipxe-i386.efi"};
constexpr std::array<std::string_view, 2> arm64{"ipxe-arm64.efi", "snponly-arm64.efi"};
constexpr std::array<std::string_view, 1> riscv{"ipxe-riscv64.efi"};
constexpr std::array<std::string_view, 1> loong{"ipxe-loong64.efi"};

std::string remedy_for(std::string_view file) {
  const Loader* loader = find_loader(file);
  if (!loader || loader->package.empty())
    return fmt::format("give it one: slipway loader add FILE --as {}", file);
  return fmt::format("install the Debian package {}, or give it one: slipway loader add FILE --as {}",
                     loader->package, file);
}

bool is_url(std::string_view text) {
  return text.find("://") != std::string_view::npos;
}

/// Only what is a loader by name: a class or group may also hand out a script or an operator's file.
template <typename Noun>
void add_needed(std::string_view kind, const std::vector<Noun>& nouns, std::vector<NeededLoader>& needed) {
  for (const Noun& noun : nouns) {
    std::string_view file = noun.boot_file;
    while (file.starts_with('/')) file.remove_prefix(1);
    if (is_url(file) || !find_loader(file)) continue;
    needed.push_back({{std::string(file)},
                      fmt::format("{} {} hands it out", kind, noun.name),
                      remedy_for(file),
                      Severity::warning});
  }
}

}  // namespace

std::span<const Loader> known_loaders() {
  return loader_table;
}

const Loader* find_loader(std::string_view file) {
  auto found = std::find_if(loader_table.begin(), loader_table.end(),
                            [&](auto& loader) { return loader.file == file; });
  return found == loader_table.end() ? nullptr : &*found;
}

std::span<const std::string_view> loaders_for(Arch arch) {
  switch (arch) {
    case Arch::bios:
      return bios;
    case Arch::uefi_x64:
    case Arch::uefi_x64_bc:
    case Arch::http_x64:
      return x64;
    case Arch::uefi_ia32:
    case Arch::http_x86:
      return ia32;
    case Arch::uefi_arm64:
    case Arch::http_arm64:
      return arm64;
    case Arch::riscv64:
    case Arch::http_riscv64:
      return riscv;
    case Arch::loongarch64:
    case Arch::http_loongarch64:
      return loong;
    default:
      return {};
  }
}

std::vector<std::string> loader_folders(const model::ServerSettings& server) {
  return {server.state + "/loaders", "/usr/lib/ipxe", "/usr/share/ipxe", "/usr/lib/PXELINUX",
          "/usr/lib/syslinux/modules/bios"};
}

std::vector<NeededLoader> needed_loaders(const model::Plan& plan) {
  const auto& subnets = plan.subnets();
  bool boots = std::any_of(subnets.begin(), subnets.end(),
                           [](const model::Subnet& subnet) { return subnet.mode != model::SubnetMode::off; });
  std::vector<NeededLoader> needed;
  if (boots) {
    needed.push_back({{"undionly.kpxe", "ipxe.pxe"},
                      "BIOS machines start with it, and SmartOS boots from BIOS",
                      remedy_for("undionly.kpxe"),
                      Severity::error});
    needed.push_back({{"ipxe.efi", "snponly.efi"},
                      "x86-64 UEFI machines start with it",
                      remedy_for("ipxe.efi"),
                      Severity::warning});
  }
  add_needed("class", plan.classes(), needed);
  add_needed("group", plan.groups(), needed);
  return needed;
}

}  // namespace slipway::boot
