// SPDX-License-Identifier: MPL-2.0
// Any bytes are looked at as a kernel, a program, a disk and a file system; what is found lies inside them.
#include <algorithm>
#include <cstdlib>

#include "image/announced.h"
#include "image/ufs.h"
#include "image/unix_header.h"

using namespace slipway::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  UnixHeader header = parse_unix({data, size});
  if (header.multiboot &&
      (*header.multiboot % 4 != 0 || *header.multiboot + 12 > std::min<std::size_t>(size, 8192)))
    std::abort();
  if (header.multiboot2 && (*header.multiboot2 % 8 != 0 || *header.multiboot2 + 16 > size)) std::abort();
  if (header.elf64_x86_64 && !header.elf) std::abort();
  auto superblock = parse_ufs({data, size});
  if (superblock && superblock->size > std::uint64_t{0xffffffff} * 8192) std::abort();
  for (auto announced : {announced_linux, announced_efi, announced_elf, announced_iso, announced_disk})
    announced({data, size});
  return 0;
}
