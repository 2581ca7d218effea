// SPDX-License-Identifier: MPL-2.0
#include "image/unix_header.h"

#include <algorithm>
#include <array>

#include "image/little_endian.h"

namespace slipway::image {
namespace {

constexpr std::uint32_t multiboot_magic = 0x1BADB002;
constexpr std::uint32_t multiboot2_magic = 0xE85250D6;
constexpr std::size_t multiboot_search = 8192;
constexpr std::size_t multiboot2_search = 32768;

struct Search {
  std::optional<std::size_t> found;
  bool bad_checksum = false;
};

/// A header of `words` 32-bit words that begins with `magic`, lies whole in the first `limit` bytes at a
/// multiple of `step`, and whose words sum to zero.
Search find_header(ByteView head, std::uint32_t magic, std::size_t words, std::size_t limit,
                   std::size_t step) {
  Search search;
  head = head.first(std::min(head.size(), limit));
  for (std::size_t at = 0; at + words * 4 <= head.size(); at += step) {
    if (little32(head, at) != magic) continue;
    std::uint32_t sum = 0;
    for (std::size_t word = 0; word < words; ++word) sum += little32(head, at + word * 4);
    if (sum == 0) {
      search.found = at;
      return search;
    }
    search.bad_checksum = true;
  }
  return search;
}

}  // namespace

UnixHeader parse_unix(ByteView head) {
  constexpr std::array<std::uint8_t, 4> elf_magic{0x7f, 'E', 'L', 'F'};
  constexpr std::uint8_t class64 = 2, little_endian = 1, x86_64 = 62;
  UnixHeader header;
  header.elf = head.size() >= 20 && std::equal(elf_magic.begin(), elf_magic.end(), head.begin());
  header.elf64_x86_64 =
      header.elf && head[4] == class64 && head[5] == little_endian && head[18] == x86_64 && head[19] == 0;
  Search first = find_header(head, multiboot_magic, 3, multiboot_search, 4);
  header.multiboot = first.found;
  header.multiboot_bad_checksum = first.bad_checksum && !first.found;
  header.multiboot2 = find_header(head, multiboot2_magic, 4, multiboot2_search, 8).found;
  return header;
}

}  // namespace slipway::image
