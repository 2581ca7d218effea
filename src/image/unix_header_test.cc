// SPDX-License-Identifier: MPL-2.0
#include "image/unix_header.h"

#include <gtest/gtest.h>

#include "image/test_platform.h"
#include "image/ufs.h"

namespace slipway::image {

using test::make_archive;
using test::make_unix;
using test::put32;

TEST(UnixHeader, IsFoundInAKernel) {
  UnixHeader header = parse_unix(as_bytes(make_unix()));
  EXPECT_TRUE(header.elf64_x86_64);
  EXPECT_EQ(header.multiboot, 4096u);
  EXPECT_EQ(header.multiboot2, 8192u);
}

TEST(UnixHeader, KnowsAProgramForAnotherMachine) {
  std::string bytes = make_unix();
  bytes[18] = static_cast<char>(183);  // AArch64
  EXPECT_TRUE(parse_unix(as_bytes(bytes)).elf);
  EXPECT_FALSE(parse_unix(as_bytes(bytes)).elf64_x86_64);
  bytes = make_unix();
  bytes[4] = 1;  // 32 bits
  EXPECT_FALSE(parse_unix(as_bytes(bytes)).elf64_x86_64);
}

TEST(UnixHeader, IsAbsentInTextAndInNothing) {
  EXPECT_FALSE(parse_unix(as_bytes("<html>404 Not Found</html> and so on")).elf);
  EXPECT_FALSE(parse_unix({}).elf);
  EXPECT_FALSE(parse_unix({}).multiboot);
}

TEST(UnixHeader, MustHaveARightChecksum) {
  std::string bytes = make_unix();
  bytes[4104] ^= 1;
  UnixHeader header = parse_unix(as_bytes(bytes));
  EXPECT_FALSE(header.multiboot);
  EXPECT_TRUE(header.multiboot_bad_checksum);
}

TEST(UnixHeader, MustLieWholeInTheFirst8192BytesAtAMultipleOfFour) {
  auto with_header_at = [](std::size_t at) {
    std::string bytes(20000, '\0');
    put32(bytes, at, 0x1BADB002);
    put32(bytes, at + 4, 0);
    put32(bytes, at + 8, 0u - 0x1BADB002);
    return parse_unix(as_bytes(bytes)).multiboot;
  };
  EXPECT_EQ(with_header_at(8192 - 12), 8180u);
  EXPECT_FALSE(with_header_at(8192 - 8));
  EXPECT_FALSE(with_header_at(4098));
}

TEST(UfsSuperblock, TellsTheSizeOfTheFileSystem) {
  auto superblock = parse_ufs(as_bytes(make_archive(65536)));
  ASSERT_TRUE(superblock);
  EXPECT_EQ(superblock->size, 65536u);
}

TEST(UfsSuperblock, IsAbsentWithoutItsMagic) {
  EXPECT_FALSE(parse_ufs(as_bytes(std::string(65536, 'x'))));
  EXPECT_FALSE(parse_ufs(as_bytes(make_archive(65536).substr(0, 9566))));
}

TEST(UfsSuperblock, IsNotBelievedWithAnOddFragmentSize) {
  std::string bytes = make_archive(65536);
  put32(bytes, 8192 + 52, 1000);
  EXPECT_EQ(parse_ufs(as_bytes(bytes))->size, 0u);
}

}  // namespace slipway::image
