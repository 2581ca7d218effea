// SPDX-License-Identifier: MPL-2.0
#include "image/announced.h"

#include <algorithm>

#include <fmt/format.h>

#include "image/fat.h"
#include "image/little_endian.h"

namespace slipway::image {
namespace {

constexpr std::uint64_t sector = 512, iso_sector = 2048;

bool holds(ByteView head, std::uint64_t at, std::uint64_t bytes) {
  return at <= head.size() && bytes <= head.size() - at;
}

/// Where a table or a segment ends; a sum that no file has is no announcement.
std::uint64_t end_of(std::uint64_t start, std::uint64_t length) {
  constexpr std::uint64_t most = std::uint64_t{1} << 48;
  return start < most && length < most ? start + length : 0;
}

/// Where the fields of the header and of a segment lie, for both classes.
struct ElfShape {
  bool wide;
  std::size_t header, segments_at, sections_at, segment_size, segment_count, section_size, section_count;
  std::size_t offset_at, length_at;  ///< within a segment's entry

  std::uint64_t word(ByteView head, std::size_t at) const {
    return wide ? little64(head, at) : little32(head, at);
  }
};

constexpr ElfShape elf32{false, 52, 28, 32, 42, 44, 46, 48, 4, 16};
constexpr ElfShape elf64{true, 64, 32, 40, 54, 56, 58, 60, 8, 32};

}  // namespace

std::uint64_t announced_linux(ByteView head) {
  if (head.size() < 0x208 || little16(head, 0x206) < 0x204) return 0;
  std::uint64_t setup = head[0x1f1] == 0 ? 4 : head[0x1f1];
  std::uint64_t paragraphs = little32(head, 0x1f4);
  // Linkers leave the last paragraph begun.
  return (setup + 1) * sector + (paragraphs == 0 ? 0 : (paragraphs - 1) * 16 + 1);
}

std::uint64_t announced_efi(ByteView head) {
  if (head.size() < 0x40) return 0;
  std::uint64_t header = little32(head, 0x3c);
  if (!holds(head, header, 24)) return 0;
  std::uint32_t sections = little16(head, header + 6);
  std::uint64_t at = header + 24 + little16(head, header + 20), end = 0;
  for (std::uint32_t i = 0; i < sections && holds(head, at, 40); ++i, at += 40)
    end = std::max(end, end_of(little32(head, at + 20), little32(head, at + 16)));
  return end;
}

std::uint64_t announced_elf(ByteView head) {
  if (head.size() < 5 || !as_text(head).starts_with("\x7f"
                                                    "ELF"))
    return 0;
  const ElfShape& shape = head[4] == 2 ? elf64 : elf32;
  if (head.size() < shape.header) return 0;
  std::uint64_t sections = shape.word(head, shape.sections_at);
  std::uint64_t end = sections == 0 ? 0
                                    : end_of(sections, std::uint64_t{little16(head, shape.section_size)} *
                                                           little16(head, shape.section_count));
  std::uint64_t at = shape.word(head, shape.segments_at);
  std::uint32_t size = little16(head, shape.segment_size), count = little16(head, shape.segment_count);
  for (std::uint32_t i = 0; i < count && size >= shape.length_at + 8 && holds(head, at, size);
       ++i, at += size)
    end =
        std::max(end, end_of(shape.word(head, at + shape.offset_at), shape.word(head, at + shape.length_at)));
  return end;
}

std::uint64_t announced_iso(ByteView head) {
  constexpr std::uint64_t descriptor = 16 * iso_sector, run_out = 150;
  if (!holds(head, descriptor, 132)) return 0;
  std::uint64_t sectors = little32(head, descriptor + 80);
  return sectors <= run_out ? 0 : (sectors - run_out) * iso_sector;
}

std::uint64_t announced_disk(ByteView head) {
  if (head.size() < sector) return 0;
  if (auto fat = parse_fat(head)) return fat->end;
  constexpr std::uint64_t most_sectors = std::uint64_t{1} << 40;
  if (holds(head, sector, 40) && as_text(head.subspan(sector)).starts_with("EFI PART")) {
    std::uint64_t last = little64(head, sector + 32);
    return last < most_sectors ? (last + 1) * sector : 0;
  }
  std::uint64_t end = 0;
  for (std::uint64_t at = 446; at < 510; at += 16) {
    if ((head[at] & 0x7f) != 0) return 0;  // code, and no table
    if (head[at + 4] != 0)
      end = std::max(end, (std::uint64_t{little32(head, at + 8)} + little32(head, at + 12)) * sector);
  }
  return end;
}

std::optional<std::string> announces_more(const std::string& path, std::uint64_t size,
                                          std::uint64_t announced) {
  if (size >= announced) return std::nullopt;
  return fmt::format("{} is cut short: it says of itself that it has {} bytes, and has {}", path, announced,
                     size);
}

}  // namespace slipway::image
