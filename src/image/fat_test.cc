// SPDX-License-Identifier: MPL-2.0
#include "image/fat.h"

#include <gmock/gmock.h>

#include "image/disk.h"
#include "image/test_disk.h"

namespace slipway::image {
namespace {

using test::Fat12;
using test::MemoryDisk;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const std::string& bytes) {
  MemoryDisk disk(bytes);
  auto volume = FatVolume::open(disk, {0, disk.size()});
  std::vector<std::string> paths;
  if (!volume) return {"no file system"};
  auto files = volume->list();
  if (!files) return {files.error().what};
  for (const FatFile& file : *files) paths.push_back(file.path);
  return paths;
}

TEST(Fat, GivesLongNamesAndShortOnesInSmallLetters) {
  Fat12 fat;
  fat.add("LABEL      ", "", 0x08);
  fat.add("UNIX       ", "kernel");
  fat.add_long("boot_archive", "BOOT_A~1   ");
  fat.add("BOOT_A~1   ", "archive");
  fat.add_long("of another", "GONE       ");
  fat.add("README  TXT", "text", 0x20, 0x10);
  fat.add(
      "\xe5"
      "ELETED    ",
      "");
  EXPECT_THAT(names(fat.bytes()), ElementsAre("unix", "boot_archive", "README.txt"));
}

TEST(Fat, ReadsAFileByItsChain) {
  Fat12 fat;
  fat.add("UNIX       ", std::string(1000, 'a') + "end");
  MemoryDisk disk(fat.bytes());
  auto volume = FatVolume::open(disk, {0, disk.size()});
  ASSERT_TRUE(volume);
  EXPECT_EQ(volume->shape().bits, 12);
  FatFile file = volume->list()->front();
  EXPECT_EQ(file.size, 1003u);
  auto second = volume->next(file.cluster);
  ASSERT_TRUE(second && *second);
  Bytes rest(491);
  ASSERT_TRUE(volume->read(**second, rest));
  EXPECT_EQ(as_text(rest).substr(488), "end");
  EXPECT_FALSE(volume->next(**second)->has_value());
}

TEST(Fat, RefusesChainsAndFoldersThatLeadNowhereOrInCircles) {
  Fat12 nowhere;
  nowhere.add("DIR        ", "x", 0x10);
  nowhere.chain(2, 0x500);
  EXPECT_THAT(names(nowhere.bytes()), ElementsAre(HasSubstr("leads nowhere")));
  Fat12 endless;
  endless.add("DIR        ", "x", 0x10);
  endless.chain(2, 2);
  EXPECT_THAT(names(endless.bytes()), ElementsAre(HasSubstr("no end")));
  Fat12 circle;
  std::string entry = "SELF       \x10";
  entry.resize(32, '\0');
  entry[26] = 2;
  circle.add("DIR        ", entry, 0x10);
  EXPECT_THAT(names(circle.bytes()), ElementsAre(HasSubstr("leads back")));
  Fat12 empty;
  empty.add("DIR        ", "", 0x10);
  EXPECT_THAT(names(empty.bytes()), ElementsAre(HasSubstr("leads back")));
}

TEST(Fat, IsNotWhatItsFirstSectorDoesNotSay) {
  for (std::size_t at : {std::size_t{0}, std::size_t{11}, std::size_t{13}, std::size_t{16}, std::size_t{19},
                         std::size_t{510}}) {
    std::string bytes = Fat12().bytes();
    bytes[at] = '\x03';
    bytes[at + 1] = '\0';
    EXPECT_THAT(names(bytes), ElementsAre("no file system")) << at;
  }
}

TEST(Partitions, OfAnMbrAreCutAtTheEndOfTheDisk) {
  std::string bytes(8 * 512, '\0');
  bytes[510] = '\x55';
  bytes[511] = '\xaa';
  bytes[446 + 4] = 0x0c;
  bytes[446 + 8] = 2;
  bytes[446 + 12] = 100;
  bytes[462 + 4] = 0x0c;
  bytes[462 + 8] = 9;  // behind the end
  bytes[462 + 12] = 1;
  EXPECT_TRUE(may_be_disk(as_bytes(bytes)));
  MemoryDisk disk(bytes);
  EXPECT_THAT(partitions_of(disk), ElementsAre(Partition{1024, 6 * 512}));
}

TEST(Partitions, OfAGptComeBeforeTheOneThatGuardsIt) {
  std::string bytes(64 * 512, '\0');
  bytes[510] = '\x55';
  bytes[511] = '\xaa';
  bytes[446 + 4] = '\xee';
  bytes[446 + 8] = 1;
  bytes[446 + 12] = 63;
  bytes.replace(512, 8, "EFI PART");
  bytes[512 + 72] = 2;
  bytes[512 + 80] = 4;
  bytes[512 + 84] = '\x80';
  std::size_t entry = 1024 + 128;  // the first is not used
  bytes[entry] = 1;
  bytes[entry + 32] = 40;
  bytes[entry + 40] = 49;
  MemoryDisk disk(bytes);
  EXPECT_THAT(partitions_of(disk), ElementsAre(Partition{40 * 512, 10 * 512}));
}

TEST(Partitions, AreOneWhereTheDiskIsAFileSystem) {
  MemoryDisk disk(Fat12().bytes());
  EXPECT_THAT(partitions_of(disk), ElementsAre(Partition{0, disk.size()}));
  EXPECT_FALSE(may_be_disk(as_bytes("#!/bin/sh")));
  EXPECT_FALSE(may_be_disk(as_bytes(std::string(512, '\0'))));
}

}  // namespace
}  // namespace slipway::image
