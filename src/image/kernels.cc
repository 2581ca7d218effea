// SPDX-License-Identifier: MPL-2.0
#include "image/kernels.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/announced.h"
#include "image/little_endian.h"
#include "image/text.h"
#include "image/unix_header.h"

namespace slipway::image {
namespace {

using Use = model::BootPart::Use;

constexpr std::string_view again = "get it again from its publisher";

bool has_at(ByteView head, std::size_t at, std::string_view magic) {
  return head.size() >= at + magic.size() && as_text(head.subspan(at, magic.size())) == magic;
}

/// What the Linux kernel unpacks: cpio archives, bare or packed (init/initramfs.c, lib/decompress.c).
bool is_initrd(ByteView head) {
  using namespace std::string_view_literals;
  constexpr std::array magics{"070701"sv,
                              "070702"sv,
                              "\x1f\x8b"sv,
                              "\xfd"
                              "7zXZ\0"sv,
                              "BZh"sv,
                              "\x5d\0\0"sv,
                              "\x28\xb5\x2f\xfd"sv,
                              "\x02\x21\x4c\x18"sv,
                              "\x89LZO"sv};
  return std::any_of(magics.begin(), magics.end(), [&](auto magic) { return has_at(head, 0, magic); });
}

/// Why a file is not what it should be, as far as it can be told.
std::string look_of(const FileFacts& file) {
  if (file.size == 0) return "it is empty";
  if (!is_text(file.head)) return "it is something else";
  std::string_view line = as_text(file.head);
  return fmt::format("it is text and begins with \"{}\"",
                     line.substr(0, std::min<std::size_t>(line.find_first_of("\r\n"), 40)));
}

void add(Verdict& verdict, Rule rule, Weight weight, std::string what, std::string_view remedy) {
  verdict.findings.push_back({rule, weight, {std::move(what), std::string(remedy)}});
}

/// ECMA-119 §8.1: the first volume descriptor is in sector 16.
bool is_iso(ByteView head) {
  return has_at(head, 16 * 2048 + 1, "CD001");
}

bool has_program(const System& system) {
  return std::any_of(system.parts.begin(), system.parts.end(),
                     [](const model::BootPart& part) { return part.use == Use::program; });
}

struct Wanted {
  bool there;
  Rule rule;
  std::string_view what;
  std::uint64_t (*announced)(ByteView head) = nullptr;
};

/// What a part has to be.
Wanted wanted(model::ImageKind kind, const model::BootPart& part, ByteView head) {
  switch (part.use) {
    case Use::kernel:
      if (kind == model::ImageKind::multiboot || kind == model::ImageKind::illumos)
        return {parse_unix(head).multiboot.has_value(), Rule::kernel_wrong, "multiboot kernel",
                announced_elf};
      return {is_linux_x86(head), Rule::kernel_wrong, "Linux kernel for x86 machines", announced_linux};
    case Use::initrd:
      if (kind == model::ImageKind::illumos)
        return {!is_text(head) && !is_initrd(head), Rule::initrd_wrong, "boot archive as illumos reads it"};
      if (kind == model::ImageKind::wimboot) return {!head.empty(), Rule::initrd_wrong, "file of Windows"};
      return {is_initrd(head), Rule::initrd_wrong, "initrd"};
    case Use::module:
      return {!head.empty(), Rule::initrd_wrong, "boot module"};
    case Use::program:
      return {is_efi_program(head), Rule::kernel_wrong, "EFI program for x86-64", announced_efi};
    case Use::disk:
      if (kind == model::ImageKind::disk)
        return {has_at(head, 510, "\x55\xaa"), Rule::kernel_wrong, "disk image with a boot sector",
                announced_disk};
      return {is_iso(head), Rule::kernel_wrong, "ISO 9660 image", announced_iso};
  }
  return {true, Rule::kernel_wrong, ""};
}

}  // namespace

bool is_linux_x86(ByteView head) {
  return has_at(head, 0x1fe, "\x55\xaa") && has_at(head, 0x202, "HdrS");
}

bool is_efi_program(ByteView head) {
  if (!has_at(head, 0, "MZ") || head.size() < 0x40) return false;
  std::size_t header = little32(head, 0x3c);
  using namespace std::string_view_literals;
  return header < head.size() && has_at(head, header, "PE\0\0\x64\x86"sv);
}

Verdict verify_system(const System& system, std::span<const FileFacts> facts) {
  Verdict verdict;
  verdict.version = system.version;
  for (const model::BootPart& part : system.parts) {
    auto file = std::find_if(facts.begin(), facts.end(),
                             [&](const FileFacts& seen) { return seen.stored_as == part.path; });
    if (file == facts.end()) continue;
    Wanted is = wanted(system.kind, part, file->head);
    if (!is.there)
      add(verdict, is.rule, Weight::error,
          fmt::format("{} is no {}: {}", file->path, is.what, look_of(*file)), again);
    else if (auto why = is.announced ? announces_more(file->path, file->size, is.announced(file->head))
                                     : std::nullopt)
      add(verdict, Rule::source_cut_short, Weight::error, *why, again);
    if (is.there && !file->broken.empty())
      add(verdict, Rule::source_unreadable, Weight::error,
          fmt::format("{} cannot be used: {}", file->path, file->broken), again);
    bool started_by_efi = system.kind == model::ImageKind::linux_kernel && !has_program(system);
    if (is.there && part.use == Use::kernel && started_by_efi && !is_efi_program(file->head))
      add(verdict, Rule::kernel_bios_only, Weight::warning,
          fmt::format("{} starts on BIOS machines only: it is no EFI program besides", file->path),
          "name one for UEFI machines, too: --efi PROGRAM");
    bool archive = system.kind == model::ImageKind::illumos && part.use == Use::initrd;
    if (archive) verdict.made.push_back({stored(hash_path), file->digests.sha1 + "\n"});
  }
  if (!system.asks.empty())
    add(verdict, Rule::asks_argument, Weight::note,
        fmt::format("{} takes more from the arguments of its profile: {}", system.description, system.asks),
        "");
  return verdict;
}

}  // namespace slipway::image
