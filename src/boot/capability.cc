// SPDX-License-Identifier: MPL-2.0
#include "boot/capability.h"

#include <fmt/format.h>

namespace slipway::boot {
namespace {

using model::Arch;
using model::ImageKind;
using Why = Refusal::Why;

bool is_bios(Arch arch) {
  return arch == Arch::bios || arch == Arch::http_bios;
}

bool is_x86_64(Arch arch) {
  switch (arch) {
    case Arch::bios:
    case Arch::http_bios:
    case Arch::uefi_x64:
    case Arch::uefi_x64_bc:
    case Arch::http_x64:
      return true;
    default:
      return false;
  }
}

std::string_view subject_of(ImageKind kind) {
  switch (kind) {
    case ImageKind::smartos:
      return "SmartOS";
    case ImageKind::illumos:
      return "illumos";
    case ImageKind::multiboot:
      return "a multiboot kernel";
    default:
      return "this image";
  }
}

bool is_multiboot(ImageKind kind) {
  return kind == ImageKind::smartos || kind == ImageKind::illumos || kind == ImageKind::multiboot;
}

Refusal refuse_architecture(Arch arch, ImageKind kind) {
  return {Why::architecture,
          fmt::format("{} runs on 64-bit x86 only; this machine is {}", subject_of(kind), to_string(arch)),
          "give the machine a profile with an image for its architecture"};
}

std::optional<Refusal> lacks_multiboot(const model::Client& client, ImageKind kind) {
  std::string_view subject = subject_of(kind);
  if (client.features.multiboot2) return std::nullopt;
  if (starts_by_uefi(client).value_or(false))
    return Refusal{
        Why::uefi,
        fmt::format(
            "this machine starts by UEFI, and this iPXE cannot start {} from there (it lacks multiboot2)",
            subject),
        std::string(uefi_remedy)};
  if (client.features.reported && !client.features.multiboot)
    return Refusal{Why::no_multiboot,
                   fmt::format("this iPXE was built without multiboot, which {} needs", subject),
                   "let the machine start undionly.kpxe of the Debian package ipxe instead"};
  return std::nullopt;
}

}  // namespace

std::optional<bool> starts_by_uefi(const model::Client& client) {
  if (client.arch) return !is_bios(*client.arch);
  if (client.features.reported) return client.features.efi;
  return std::nullopt;
}

std::optional<Refusal> incapable(const model::Client& client, std::optional<ImageKind> kind) {
  if (!kind) return std::nullopt;
  if (client.arch && !is_x86_64(*client.arch)) return refuse_architecture(*client.arch, *kind);
  if (client.stage != model::Stage::ipxe) return std::nullopt;  // firmware: its loader is still to come
  return is_multiboot(*kind) ? lacks_multiboot(client, *kind) : std::nullopt;
}

}  // namespace slipway::boot
