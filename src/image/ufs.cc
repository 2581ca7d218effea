// SPDX-License-Identifier: MPL-2.0
#include "image/ufs.h"

#include <bit>

#include "image/little_endian.h"

namespace slipway::image {
namespace {

constexpr std::size_t superblock_at = 8192;
constexpr std::size_t size_at = superblock_at + 36;           // fs_size, in fragments
constexpr std::size_t fragment_size_at = superblock_at + 52;  // fs_fsize, in bytes
constexpr std::size_t magic_at = superblock_at + 1372;        // fs_magic
constexpr std::uint32_t ufs_magic = 0x00011954;

}  // namespace

std::optional<UfsSuperblock> parse_ufs(ByteView head) {
  if (head.size() < magic_at + 4 || little32(head, magic_at) != ufs_magic) return std::nullopt;
  std::uint64_t fragments = little32(head, size_at);
  std::uint32_t fragment_size = little32(head, fragment_size_at);
  bool believable = std::has_single_bit(fragment_size) && fragment_size >= 512 && fragment_size <= 8192;
  return UfsSuperblock{believable ? fragments * fragment_size : 0};
}

}  // namespace slipway::image
