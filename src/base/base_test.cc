// SPDX-License-Identifier: MPL-2.0
// The small things of the ground floor: cursors, paths, hex, nearest words, counters, mailboxes.
#include <gtest/gtest.h>
#include <poll.h>

#include "base/bytes.h"
#include "base/hex.h"
#include "base/mailbox.h"
#include "base/metrics.h"
#include "base/nearest.h"
#include "base/problem.h"
#include "base/random.h"
#include "base/safe_path.h"

namespace slipway {
namespace {

bool readable(int fd) {
  pollfd poll_fd{fd, POLLIN, 0};
  return ::poll(&poll_fd, 1, 0) == 1;
}

}  // namespace

TEST(ByteReader, StaysInErrorAfterTheFirstFault) {
  Bytes bytes{1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u16(), 0x0102);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_EQ(reader.u8(), 0u) << "the last byte must not be read after a fault";
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, WantsTheNulOfACString) {
  Bytes good{'a', 'b', 0, 7};
  ByteReader reader(good);
  EXPECT_EQ(reader.c_string(), "ab");
  EXPECT_EQ(reader.u8(), 7);
  EXPECT_TRUE(reader.ok());
  Bytes bad{'a', 'b'};
  ByteReader short_reader(bad);
  EXPECT_EQ(short_reader.c_string(), "");
  EXPECT_FALSE(short_reader.ok());
}

TEST(ByteWriter, WritesNetworkOrderAndPads) {
  ByteWriter writer;
  writer.u16(0x0102);
  writer.u32(0xa0b0c0d0);
  writer.padded("abc", 2);
  writer.padded("x", 3);
  EXPECT_EQ(to_hex(writer.view()), "0102a0b0c0d06162780000");
}

TEST(Hex, GoesBothWays) {
  EXPECT_EQ(to_hex(*from_hex("00fFa0"), ":"), "00:ff:a0");
  EXPECT_FALSE(from_hex("abc"));
  EXPECT_FALSE(from_hex("zz"));
}

TEST(SafePath, CannotLeaveItsRoot) {
  EXPECT_EQ(SafePath::parse("//os//x/")->to_string(), "os/x");
  EXPECT_TRUE(SafePath::parse("")->empty());
  EXPECT_TRUE(SafePath::parse("a..b/...")) << "dots inside a name are a name";
  for (auto bad : {"..", "a/../b", "./a", "a/..", "a\nb"}) EXPECT_FALSE(SafePath::parse(bad)) << bad;
  EXPECT_FALSE(SafePath::parse(std::string_view("a\0b", 3)));
  EXPECT_FALSE(SafePath::parse(std::string(256, 'a')));
  std::string longest;
  while (longest.size() < 1024) longest += "a/";
  EXPECT_TRUE(SafePath::parse("//" + longest)) << "slashes in front count for nothing";
  EXPECT_FALSE(SafePath::parse(longest + "a"));
}

TEST(Nearest, FindsASlipOfTheHandAndNothingFarAway) {
  std::vector<std::string_view> keys{"network", "range", "router"};
  EXPECT_EQ(nearest("netwrok", keys), "network");
  EXPECT_EQ(nearest("ruoter", keys), "router");
  EXPECT_FALSE(nearest("lease-time", keys));
}

TEST(Metrics, CountsHowManyValuesWereAtMostSoMuch) {
  Metrics metrics;
  Histogram& waits = metrics.histogram("wait_seconds", "stage=\"ack\"", "How long.", {0.5, 2});
  for (double value : {0.25, 0.5, 1.0, 9.0}) waits.observe(value);
  EXPECT_EQ(&metrics.histogram("wait_seconds", "stage=\"ack\"", "", {}), &waits);
  EXPECT_EQ(metrics.exposition(),
            "# HELP wait_seconds How long.\n# TYPE wait_seconds histogram\n"
            "wait_seconds_bucket{stage=\"ack\",le=\"0.5\"} 2\n"
            "wait_seconds_bucket{stage=\"ack\",le=\"2\"} 3\n"
            "wait_seconds_bucket{stage=\"ack\",le=\"+Inf\"} 4\n"
            "wait_seconds_sum{stage=\"ack\"} 10.75\n"
            "wait_seconds_count{stage=\"ack\"} 4\n");
}

TEST(Metrics, PrintsFamiliesOnceAndCellsWithLabels) {
  Metrics metrics;
  metrics.counter("drops_total", "reason=\"a\"", "Packets not answered").add(2);
  metrics.counter("drops_total", "reason=\"b\"");
  metrics.counter("drops_total", "reason=\"a\"").add(1);
  EXPECT_EQ(metrics.exposition(),
            "# HELP drops_total Packets not answered\n# TYPE drops_total counter\n"
            "drops_total{reason=\"a\"} 3\ndrops_total{reason=\"b\"} 0\n");
}

TEST(Mailbox, IsReadableWhileItHoldsSomethingAndRefusesWhenFull) {
  Mailbox<int> box(2);
  EXPECT_FALSE(readable(box.fd()));
  EXPECT_TRUE(box.post(1));
  EXPECT_TRUE(box.post(2));
  EXPECT_FALSE(box.post(3));
  EXPECT_TRUE(readable(box.fd()));
  EXPECT_EQ(box.drain(), (std::vector<int>{1, 2}));
  EXPECT_FALSE(readable(box.fd()));
  EXPECT_TRUE(box.post(4));
  EXPECT_TRUE(readable(box.fd()));
}

TEST(Mailbox, TakesSeveralAtOnceOrNoneOfThem) {
  Mailbox<int> box(4);
  EXPECT_TRUE(box.post_all({}));
  EXPECT_FALSE(readable(box.fd()));
  EXPECT_TRUE(box.post_all({1, 2}));
  EXPECT_TRUE(readable(box.fd()));
  EXPECT_FALSE(box.post_all({3, 4, 5}));
  EXPECT_TRUE(box.post_all({3, 4}));
  EXPECT_EQ(box.drain(), (std::vector<int>{1, 2, 3, 4}));
}

TEST(Problem, ReadsLikeACompilersMessage) {
  Problem problem{{"slipway.toml", 3, 5}, "unknown key 'netwrok'", "did you mean 'network'?"};
  EXPECT_EQ(problem.to_string(), "slipway.toml:3:5: error: unknown key 'netwrok'; did you mean 'network'?");
}

TEST(SeededRandom, RepeatsItselfFromTheSameSeed) {
  SeededRandom a(42), b(42), c(43);
  std::uint64_t first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
}

}  // namespace slipway
