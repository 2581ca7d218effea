// SPDX-License-Identifier: MPL-2.0
#include "server/content_cache.h"

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace slipway::server {
namespace {

struct File {
  explicit File(std::string id, std::string_view text) : identity(std::move(id)), size(text.size()) {
    std::string name = testing::TempDir() + "content-XXXXXX";
    fd.reset(::mkstemp(name.data()));
    ::unlink(name.c_str());
    EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  TftpContent content() const { return {{}, nullptr, fd.get(), size, identity}; }

  UniqueFd fd;
  std::string identity;
  std::uint64_t size;
};

std::string text_of(const TftpContent& content) {
  Bytes room;
  auto bytes = content.slice(0, content.size(), room);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "cannot be read";
}

TEST(ContentCache, HoldsASmallFileOnceForAllWhoFetchItAtTheSameTime) {
  ContentCache cache;
  File file("one", "loader");
  auto first = cache.get(file.content());
  ASSERT_EQ(::ftruncate(file.fd.get(), 0), 0);
  auto second = cache.get(file.content());
  EXPECT_EQ(text_of(*first), "loader");
  EXPECT_EQ(first->bytes.data(), second->bytes.data());
}

TEST(ContentCache, HoldsNothingThatNobodyFetches) {
  ContentCache cache;
  File file("one", "loader");
  cache.get(file.content());
  ASSERT_EQ(::ftruncate(file.fd.get(), 0), 0);
  EXPECT_FALSE(cache.get(file.content()));
}

TEST(ContentCache, TellsFilesApartByWhatTheyAre) {
  ContentCache cache;
  File old_one("one", "loader"), new_one("two", "newer loader");
  auto held = cache.get(old_one.content());
  EXPECT_EQ(text_of(*cache.get(new_one.content())), "newer loader");
  EXPECT_EQ(text_of(*held), "loader");
}

TEST(ContentCache, LeavesBigFilesAndThoseWithoutANameOfTheirOwnOnTheDisk) {
  ContentCache cache;
  File nameless("", "loader"), big("big", std::string(ContentCache::small + 1, 'x'));
  EXPECT_GE(cache.get(nameless.content())->fd, 0);
  EXPECT_GE(cache.get(big.content())->fd, 0);
}

TEST(ContentCache, HoldsNoMoreThanItsBound) {
  ContentCache cache;
  std::string text(ContentCache::small, 'x');
  std::vector<TftpContent> held;
  for (std::uint64_t i = 0; i <= ContentCache::together / ContentCache::small; ++i)
    held.push_back(*cache.get(File(std::to_string(i), text).content()));
  EXPECT_LT(held[held.size() - 2].fd, 0);
  EXPECT_GE(held.back().fd, 0);
}

TEST(ContentCache, KeepsNetasciiApartFromTheFileItself) {
  ContentCache cache;
  File file("one", "a\n");
  auto plain = cache.get(file.content());
  EXPECT_EQ(text_of(*cache.netascii(file.content())), "a\r\n");
  EXPECT_EQ(text_of(*plain), "a\n");
}

TEST(ContentCache, HoldsNoMoreInNetasciiThanItsBoundAndSaysSo) {
  ContentCache cache;
  std::vector<TftpContent> held;
  std::string text(1 << 20, '\n');
  for (int i = 0; i < 4; ++i) held.push_back(*cache.netascii(File(std::to_string(i), text).content()));
  auto refused = cache.netascii(File("one more", text).content());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), "busy: other files are being sent in netascii; try again, or ask in mode octet");
  EXPECT_LT(cache.get(File("octet", text).content())->fd, 0) << "which is counted apart";
  held.clear();
  EXPECT_TRUE(cache.netascii(File("one more", text).content()));
}

}  // namespace
}  // namespace slipway::server
