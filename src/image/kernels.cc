// SPDX-License-Identifier: MPL-2.0
#include "image/kernels.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

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
  ByteView start = ByteView(file.head).first(std::min<std::size_t>(file.head.size(), 256));
  bool text = std::all_of(start.begin(), start.end(), [](std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\t' || byte == '\n' || byte == '\r';
  });
  if (!text) return "it is something else";
  std::string_view line = as_text(start);
  return fmt::format("it is text and begins with \"{}\"",
                     line.substr(0, std::min<std::size_t>(line.find_first_of("\r\n"), 40)));
}

void add(Verdict& verdict, Rule rule, Weight weight, std::string what, std::string_view remedy) {
  verdict.findings.push_back({rule, weight, {std::move(what), std::string(remedy)}});
}

void check_part(Use use, const FileFacts& file, Verdict& verdict) {
  if (use == Use::kernel && !is_linux_x86(file.head))
    add(verdict, Rule::kernel_wrong, Weight::error,
        fmt::format("{} is no Linux kernel for x86 machines: {}", file.path, look_of(file)), again);
  if (use == Use::initrd && !is_initrd(file.head))
    add(verdict, Rule::initrd_wrong, Weight::error,
        fmt::format("{} is no initrd: {}", file.path, look_of(file)), again);
}

}  // namespace

bool is_linux_x86(ByteView head) {
  return has_at(head, 0x1fe, "\x55\xaa") && has_at(head, 0x202, "HdrS");
}

Verdict verify_system(const System& system, std::span<const FileFacts> facts) {
  Verdict verdict;
  verdict.version = system.version;
  for (const model::BootPart& part : system.parts) {
    auto file = std::find_if(facts.begin(), facts.end(),
                             [&](const FileFacts& seen) { return seen.stored_as == part.path; });
    if (file != facts.end()) check_part(part.use, *file, verdict);
  }
  if (!system.asks.empty())
    add(verdict, Rule::asks_argument, Weight::note,
        fmt::format("{} takes more from the arguments of its profile: {}", system.description, system.asks),
        "");
  return verdict;
}

}  // namespace slipway::image
