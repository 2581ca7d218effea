// SPDX-License-Identifier: MPL-2.0
#include "image/announced.h"

#include <gtest/gtest.h>

#include "image/test_disk.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::put32;

void put16(std::string& bytes, std::size_t at, std::uint32_t value) {
  bytes[at] = static_cast<char>(value & 0xff);
  bytes[at + 1] = static_cast<char>(value >> 8 & 0xff);
}

}  // namespace

TEST(Announced, OfALinuxKernelItsSetupAndWhatStandsBehind) {
  std::string kernel = test::make_linux();
  EXPECT_EQ(announced_linux(as_bytes(kernel)), 0u) << "a protocol that does not say";
  put16(kernel, 0x206, 0x20f);
  put32(kernel, 0x1f4, 100);
  EXPECT_EQ(announced_linux(as_bytes(kernel)), 5u * 512 + 1585) << "0 setup sectors are 4";
  kernel[0x1f1] = 27;
  EXPECT_EQ(announced_linux(as_bytes(kernel)), 28u * 512 + 1585);
}

TEST(Announced, OfAnEfiProgramItsLastSection) {
  std::string program(1024, '\0');
  put32(program, 0x3c, 0x80);
  put16(program, 0x86, 2);
  put16(program, 0x94, 0xf0);
  std::size_t sections = 0x80 + 24 + 0xf0;
  put32(program, sections + 16, 0x200), put32(program, sections + 20, 0x5000);
  put32(program, sections + 40 + 16, 0x400), put32(program, sections + 40 + 20, 0x1000);
  EXPECT_EQ(announced_efi(as_bytes(program)), 0x5200u);
}

TEST(Announced, OfAnElfItsSegmentsAndItsTableOfSections) {
  std::string kernel = test::make_unix();
  EXPECT_EQ(announced_elf(as_bytes(kernel)), 0u) << "no segment, no section";
  put32(kernel, 32, 64);
  put16(kernel, 54, 56), put16(kernel, 56, 1);
  put32(kernel, 64 + 8, 0x1000), put32(kernel, 64 + 32, 0x9000);
  EXPECT_EQ(announced_elf(as_bytes(kernel)), 0xa000u);
  put32(kernel, 40, 0xb000);
  put16(kernel, 58, 64), put16(kernel, 60, 10);
  EXPECT_EQ(announced_elf(as_bytes(kernel)), 0xb000u + 640);
  put32(kernel, 44, 0xffffffff);
  EXPECT_EQ(announced_elf(as_bytes(kernel)), 0xa000u) << "no file is so long";
}

TEST(Announced, OfAnIsoItsVolumeLessTheRunOut) {
  std::string iso(17 * 2048, '\0');
  put32(iso, 16 * 2048 + 80, 1000);
  EXPECT_EQ(announced_iso(as_bytes(iso)), 850u * 2048);
  put32(iso, 16 * 2048 + 80, 100);
  EXPECT_EQ(announced_iso(as_bytes(iso)), 0u);
}

TEST(Announced, OfADiskItsLastSector) {
  std::string disk(2048, '\0');
  EXPECT_EQ(announced_disk(as_bytes(disk)), 0u);
  disk[446 + 4] = '\x83';
  put32(disk, 446 + 8, 2048), put32(disk, 446 + 12, 4096);
  EXPECT_EQ(announced_disk(as_bytes(disk)), 6144u * 512);
  disk.replace(512, 8, "EFI PART");
  put32(disk, 512 + 32, 9999);
  EXPECT_EQ(announced_disk(as_bytes(disk)), 10000u * 512);
  EXPECT_EQ(announced_disk(as_bytes(test::Fat12().bytes())), 63u * 512);
}

TEST(Announced, NothingOfAHeadThatIsCutAnywhere) {
  std::string kernel = test::make_unix();
  put32(kernel, 32, 64);
  put16(kernel, 54, 56), put16(kernel, 56, 200);
  for (std::size_t length = 0; length < 9000; length += 7) {
    ByteView head = as_bytes(kernel).first(length);
    for (auto announced : {announced_linux, announced_efi, announced_elf, announced_iso, announced_disk})
      announced(head);
  }
}

}  // namespace slipway::image
