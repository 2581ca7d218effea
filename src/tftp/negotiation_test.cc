// SPDX-License-Identifier: MPL-2.0
#include "tftp/negotiation.h"

#include <gtest/gtest.h>

namespace slipway::tftp {
namespace {

Terms terms_for(wire::TftpOptions options, std::uint64_t size = 1000, Limits limits = {}) {
  auto terms = negotiate({false, "f", "octet", std::move(options)}, size, limits);
  EXPECT_TRUE(terms.has_value());
  return *terms;
}

TEST(Negotiation, SendsNoOackWhenNothingWasAsked) {
  Terms terms = terms_for({});
  EXPECT_TRUE(terms.granted.empty());
  EXPECT_EQ(terms.block_size, 512u);
  EXPECT_EQ(terms.window, 1u);
}

TEST(Negotiation, AnswersWhatWasAskedInItsOrder) {
  Terms terms = terms_for({{"tsize", "0"}, {"blksize", "1468"}, {"windowsize", "4"}}, 358'400'000);
  EXPECT_EQ(terms.granted,
            (wire::TftpOptions{{"tsize", "358400000"}, {"blksize", "1468"}, {"windowsize", "4"}}));
  EXPECT_EQ(terms.block_size, 1468u);
  EXPECT_EQ(terms.window, 4u);
}

TEST(Negotiation, CutsTheBlockToThePathSoThatNothingIsFragmented) {
  EXPECT_EQ(terms_for({{"blksize", "65464"}}).block_size, 1468u);
  EXPECT_EQ(terms_for({{"blksize", "8192"}}, 1, {9000, 64}).block_size, 8192u);
  EXPECT_EQ(terms_for({{"blksize", "9000"}}, 1, {9000, 64}).block_size, 8968u);
  EXPECT_EQ(terms_for({{"blksize", "512"}}, 1, {20, 64}).block_size, 8u);
}

TEST(Negotiation, GrantsAnyBlockSizeOfTheRfcWhereTheOperatorSaysSo) {
  EXPECT_EQ(terms_for({{"blksize", "65464"}}, 1, {0, 64}).block_size, 65464u);
  EXPECT_EQ(terms_for({{"blksize", "70000"}}, 1, {0, 64}).block_size, 65464u);
  EXPECT_EQ(terms_for({{"blksize", "8"}}).block_size, 8u);
}

TEST(Negotiation, LeavesOutOptionsWithoutSense) {
  for (const char* bad : {"7", "0", "-1", "", "1432x", " 512", "99999999999999999999999"})
    EXPECT_TRUE(terms_for({{"blksize", bad}}).granted.empty()) << bad;
  for (const char* bad : {"0", "65536", "x"})
    EXPECT_TRUE(terms_for({{"windowsize", bad}}).granted.empty()) << bad;
  for (const char* bad : {"0", "256", "1.5"})
    EXPECT_TRUE(terms_for({{"timeout", bad}}).granted.empty()) << bad;
  EXPECT_TRUE(terms_for({{"tsize", "big"}}).granted.empty());
  EXPECT_TRUE(terms_for({{"utimeout", "1"}}).granted.empty());
  EXPECT_TRUE(terms_for({{"multicast", ""}}).granted.empty());
}

TEST(Negotiation, DoesNotTellTheSizeOfAnEmptyFileWhichCurlRefuses) {
  EXPECT_TRUE(terms_for({{"tsize", "0"}}, 0).granted.empty());
}

TEST(Negotiation, BoundsTheWindow) {
  EXPECT_EQ(terms_for({{"windowsize", "65535"}}).window, 64u);
  EXPECT_EQ(terms_for({{"windowsize", "65535"}}, 1, {1500, 65535}).window, 65535u);
  EXPECT_EQ(terms_for({{"windowsize", "9"}}, 1, {1500, 0}).window, 1u);
}

TEST(Negotiation, EchoesTheTimeoutAndKeepsIt) {
  Terms terms = terms_for({{"timeout", "5"}});
  EXPECT_EQ(terms.timeout, std::chrono::seconds(5));
  EXPECT_EQ(terms.granted, (wire::TftpOptions{{"timeout", "5"}}));
  EXPECT_EQ(terms_for({{"utimeout", "250000"}}).timeout, std::chrono::milliseconds(250));
}

TEST(Negotiation, RefusesMailAndUnknownModesWithASentence) {
  for (const char* mode : {"mail", "", "binary"}) {
    auto refused = negotiate({false, "f", mode, {}}, 1, {});
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, wire::TftpErrorCode::illegal_operation);
    EXPECT_EQ(refused.error().reason, "transfer mode must be octet or netascii");
  }
  EXPECT_EQ(negotiate({false, "f", "netascii", {}}, 1, {})->mode, Mode::netascii);
}

TEST(Negotiation, OfAWriteSaysTheClientsSizeBackOrThatItIsTooMuch) {
  wire::TftpRequest request{true, "f", "octet", {{"tsize", "700"}, {"windowsize", "8"}}};
  EXPECT_EQ(negotiate_write(request, 700, {})->granted, request.options);
  auto refused = negotiate_write(request, 699, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Refusal{wire::TftpErrorCode::disk_full, "700 bytes are too many, this server takes 699"}));
}

}  // namespace
}  // namespace slipway::tftp
