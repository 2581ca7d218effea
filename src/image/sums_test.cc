// SPDX-License-Identifier: MPL-2.0
#include "image/sums.h"

#include <fstream>

#include <gtest/gtest.h>

#include "image/test_platform.h"

namespace slipway::image {
namespace {

const std::string md5(32, 'a'), sha1(40, 'b'), sha256(64, 'c'), sha512(128, 'd');

TEST(Sums, AreReadAsTheUsualToolsWriteThem) {
  auto sums = parse_sums("# a comment\n" + md5 + "  platform-1.tgz\r\n" + sha1 +
                         " *./os/smartos-1.iso\nSHA256 (a (b).img) = " + sha256 + "\n" + sha512 + "\tlast\n");
  ASSERT_EQ(sums.size(), 4u);
  EXPECT_EQ(sums[0].name, "platform-1.tgz");
  EXPECT_EQ(sums[0].expected, (Expected{Algorithm::md5, md5}));
  EXPECT_EQ(sums[1].name, "smartos-1.iso");
  EXPECT_EQ(sums[2].name, "a (b).img");
  EXPECT_EQ(sums[2].expected.algorithm, Algorithm::sha256);
  EXPECT_EQ(sums[3].expected.algorithm, Algorithm::sha512);
}

TEST(Sums, GiveTheStrongestDigestOfAFile) {
  auto sums = parse_sums(sha256 + "  a\n" + md5 + "  a\n" + sha1 + "  b\n");
  EXPECT_EQ(find_sum(sums, "a", "list")->digest, sha256);
  EXPECT_EQ(find_sum(sums, "b", "list")->algorithm, Algorithm::sha1);
}

TEST(Sums, SayWhatTheyLack) {
  EXPECT_EQ(find_sum(parse_sums("<html>\n"), "a", "list").error().what, "list is no list of digests");
  EXPECT_EQ(find_sum(parse_sums(md5 + "  b\n"), "a", "list").error().what, "list has no digest of a");
  auto two = parse_sums(md5 + "  a\n" + std::string(32, 'e') + "  a\n");
  EXPECT_EQ(find_sum(two, "a", "list").error().what, "list has two digests of a");
}

TEST(Digest, OfAFileIsTheOneThatIsExpectedOrAFault) {
  test::TempDir dir;
  std::ofstream(dir / "file") << "abc";
  auto go_on = [](std::uint64_t) { return true; };
  for (const char* good : {"900150983cd24fb0d6963f7d28e17f72", "A9993E364706816ABA3E25717850C26C9CD0D89D",
                           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})
    EXPECT_TRUE(check_digest(dir / "file", *parse_digest(good), go_on)) << good;
  auto wrong = check_digest(dir / "file", *parse_digest(sha256), go_on);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().what.find("has the SHA-256 ba7816bf"), std::string::npos);
  EXPECT_FALSE(check_digest(dir / "file", *parse_digest(sha256), [](std::uint64_t) { return false; }));
  EXPECT_FALSE(check_digest(dir / "nothing", *parse_digest(sha256), go_on));
  EXPECT_FALSE(parse_digest("abc"));
  EXPECT_FALSE(parse_digest(std::string(64, 'g')));
}

}  // namespace
}  // namespace slipway::image
