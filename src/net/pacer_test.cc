// SPDX-License-Identifier: MPL-2.0
#include "net/pacer.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace slipway::net {
namespace {

constexpr std::uint64_t megabyte = 1 << 20;
constexpr Ipv4 limited{0x0a000001};

/// A loop with one limit, whose burst is used up.
struct Loop {
  Loop() { bandwidth->charge(static_cast<std::int64_t>(bandwidth->burst()), reactor.now().tick); }

  /// A sender with that much left, `next` at a time, that writes its letter for each piece it gets.
  void sender(char letter, std::uint64_t left, std::uint64_t next) {
    Pacer::Need need{left, std::min(left, next)};
    pacer.wait_for(bandwidth, need, [=, this] {
      if (!pacer.take(bandwidth, need)) return sender(letter, left, next);
      order += letter;
      if (left > need.next) sender(letter, left - need.next, next);
    });
  }
  void run() {
    while (reactor.turn(std::chrono::milliseconds(200))) {
    }
  }

  Reactor reactor;
  std::shared_ptr<Bandwidth> bandwidth = std::make_shared<Bandwidth>(400'000'000);
  Pacer pacer{reactor, [this](Ipv4 client) { return client == limited ? bandwidth : nullptr; }};
  std::string order;
};

TEST(Pacer, KnowsWhoIsLimited) {
  Loop loop;
  EXPECT_EQ(loop.pacer.limit_of(limited), loop.bandwidth);
  EXPECT_EQ(loop.pacer.limit_of(Ipv4{0x0a000002}), nullptr);
}

TEST(Pacer, GivesThoseWhoLackMuchAPieceInTurn) {
  Loop loop;
  for (char letter : {'a', 'b', 'c'}) loop.sender(letter, 2 * megabyte, megabyte / 2);
  loop.run();
  EXPECT_EQ(loop.order, "abcaaabbbccc") << "whoever has only a megabyte left lacks little";
}

TEST(Pacer, LetsThoseWhoLackLittleOvertake) {
  Loop loop;
  loop.sender('B', 4 * megabyte, Pacer::piece);
  loop.sender('s', 100'000, Pacer::piece);
  loop.run();
  EXPECT_EQ(loop.order.substr(0, 2), "ss");
  EXPECT_EQ(loop.order.size(), 2 + 64u);
}

TEST(Pacer, LetsNobodyWhoComesOvertakeThoseWhoWait) {
  Loop loop;
  loop.sender('s', Pacer::piece, Pacer::piece);
  loop.bandwidth->charge(-static_cast<std::int64_t>(loop.bandwidth->burst()), loop.reactor.now().tick);
  EXPECT_FALSE(loop.pacer.take(loop.bandwidth, {1000, 1000})) << "there is enough, but another's turn";
  EXPECT_FALSE(loop.pacer.take(loop.bandwidth, {megabyte * 2, 1000}));
  loop.run();
  EXPECT_EQ(loop.order, "s");
  EXPECT_TRUE(loop.pacer.take(loop.bandwidth, {1000, 1000}));
}

TEST(Pacer, HoldsTheLimitWhoeverSends) {
  Loop loop;
  Tick begun = loop.reactor.now().tick;
  loop.sender('a', 2 * megabyte, 1'472);
  loop.sender('b', 2 * megabyte, Pacer::piece);
  loop.run();
  Duration took = std::chrono::floor<Duration>(std::chrono::steady_clock::now()) - begun;
  EXPECT_GE(took, std::chrono::milliseconds(80)) << "4 MiB at 50 MB a second";
}

TEST(Pacer, ServesEveryLimitWhateverTheOthersWaitFor) {
  Loop loop;
  auto slow = std::make_shared<Bandwidth>(8'000);
  slow->charge(static_cast<std::int64_t>(slow->burst()), loop.reactor.now().tick);
  loop.pacer.wait_for(slow, {1000, 1000}, [&] { loop.order += "slow"; });
  loop.sender('a', 100'000, Pacer::piece);
  loop.pacer.wait_for(slow, {1000, 1000}, [&] { loop.order += "slow"; });
  loop.run();
  EXPECT_EQ(loop.order, "aa");
}

}  // namespace
}  // namespace slipway::net
