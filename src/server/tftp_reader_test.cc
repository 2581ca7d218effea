// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_reader.h"

#include <cstdlib>
#include <deque>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace slipway::server {
namespace {

constexpr std::size_t block = 512;

class TftpReaderTest : public testing::Test {
 protected:
  TftpReaderTest() {
    std::string name = testing::TempDir() + "reader-XXXXXX";
    fd.reset(::mkstemp(name.data()));
    ::unlink(name.c_str());
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
    EXPECT_EQ(::write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  TftpContent content() const { return {{}, nullptr, fd.get(), bytes.size()}; }
  bool right(TftpReader& reader, std::uint64_t offset, std::size_t length) {
    auto part = reader.slice(offset, length);
    return part && std::equal(part->begin(), part->end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                              bytes.begin() + static_cast<std::ptrdiff_t>(offset + length));
  }

  Bytes bytes = Bytes(100'003);
  UniqueFd fd;
  TftpReader::Shared shared;
};

TEST_F(TftpReaderTest, GivesEveryByteForwardsBackwardsAndAtTheEnd) {
  TftpReader reader(content(), shared);
  for (std::uint64_t at = 0; at + block <= bytes.size(); at += block) ASSERT_TRUE(right(reader, at, block));
  EXPECT_TRUE(right(reader, 99'840, 163));
  EXPECT_TRUE(right(reader, 1'024, block));
  EXPECT_TRUE(right(reader, 0, 65'464));
  EXPECT_TRUE(right(reader, bytes.size(), 0));
}

TEST_F(TftpReaderTest, ReadsAheadOfABlock) {
  TftpReader reader(content(), shared);
  ASSERT_TRUE(right(reader, 0, block));
  ASSERT_EQ(::ftruncate(fd.get(), 0), 0);
  EXPECT_TRUE(right(reader, TftpReader::most - block, block));
  EXPECT_FALSE(reader.slice(TftpReader::most, block));
}

TEST_F(TftpReaderTest, TellsWhereAFileWasCutShort) {
  TftpReader reader(content(), shared);
  ASSERT_EQ(::ftruncate(fd.get(), 600), 0);
  EXPECT_TRUE(right(reader, 0, block));
  EXPECT_FALSE(reader.slice(block, block));
}

TEST_F(TftpReaderTest, HoldsLessTheMoreReadersThereAre) {
  std::deque<TftpReader> crowd;
  for (int i = 0; i < 4'096; ++i) crowd.emplace_back(content(), shared);
  ASSERT_TRUE(right(crowd.front(), 0, 1468));
  ASSERT_EQ(::ftruncate(fd.get(), 1468), 0);
  EXPECT_FALSE(crowd.front().slice(1468, 1468));
}

TEST_F(TftpReaderTest, HoldsNoMoreInAllThanItsBoundThoughMostFellSilent) {
  std::deque<TftpReader> crowd;
  for (int i = 0; i < 500; ++i) {
    crowd.emplace_back(content(), shared);
    ASSERT_TRUE(right(crowd.back(), 0, 1468)) << i;
    ASSERT_LE(shared.held, TftpReader::together);
  }
  crowd.clear();
  EXPECT_EQ(shared.held, 0u);
}

TEST_F(TftpReaderTest, ReadsNothingForWhoOnlyAsksForTheSize) {
  TftpContent small = content();
  small.identity = "small";
  TftpReader reader(small, shared);
  ASSERT_TRUE(reader.slice(0, 0));
  ASSERT_EQ(::ftruncate(fd.get(), 0), 0);
  EXPECT_FALSE(reader.slice(0, block));
}

}  // namespace
}  // namespace slipway::server
