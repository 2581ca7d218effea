// SPDX-License-Identifier: MPL-2.0
#include "ndp/no_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::ndp {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using What = ToSend::What;

const MacAddress mac = *MacAddress::parse("52:54:00:77:00:01");
const ToSend solicitation{What::solicitation, {}}, to_all{What::advertisement, {}};

Ipv6 neighbour(std::uint8_t number) {
  Ipv6 address;
  address.bytes[0] = 0xfe;
  address.bytes[1] = 0x80;
  address.bytes[15] = number;
  return address;
}
ToSend to_one(std::uint8_t number) {
  return {What::advertisement, neighbour(number)};
}
const Ipv6 router = neighbour(200);

class NoRouterTest : public testing::Test {
 protected:
  /// All that is sent up to `span` from now; time goes on by it.
  std::vector<ToSend> after(Duration span) {
    std::vector<ToSend> sent;
    Tick end = now_ + span;
    while (no_router_.next() <= end) {
      now_ = std::max(now_, no_router_.next());
      for (const ToSend& send : no_router_.due(now_)) sent.push_back(send);
    }
    now_ = end;
    return sent;
  }
  Outcome solicit(Ipv6 from = neighbour(1), int hop_limit = 255) {
    return no_router_.hear(serialize(wire::RouterSolicitation{mac, true}), {from, hop_limit}, now_).outcome;
  }
  Outcome advertise(wire::RouterAdvertisement said, Ipv6 from = router, int hop_limit = 255) {
    return no_router_.hear(serialize(said), {from, hop_limit}, now_).outcome;
  }
  void find_nobody() { after(9s); }

  SeededRandom random_{1};
  Tick now_{1000s};
  NoRouter no_router_{random_, now_};
};

const wire::RouterAdvertisement alive{64, 0, 1800, 0, 0, false}, silent{};

TEST_F(NoRouterTest, LooksForARouterThreeTimesAndThenEveryTenMinutes) {
  EXPECT_THAT(after(0s), ElementsAre(solicitation));
  EXPECT_THAT(after(3999ms), IsEmpty());
  EXPECT_THAT(after(4001ms), ElementsAre(solicitation, solicitation));
  EXPECT_THAT(after(599s), IsEmpty());
  EXPECT_THAT(after(1s), ElementsAre(solicitation));
}

TEST_F(NoRouterTest, AnswersNobodyBeforeItHasLooked) {
  after(3999ms);
  EXPECT_EQ(solicit(), Outcome::looking);
  after(1ms);
  EXPECT_EQ(solicit(), Outcome::answered);
}

TEST_F(NoRouterTest, TellsAllNodesSoonThatThereIsNoRouter) {
  find_nobody();
  EXPECT_EQ(solicit(), Outcome::answered);
  EXPECT_THAT(after(50ms), ElementsAre(to_all));
}

TEST_F(NoRouterTest, SaysWhoAsked) {
  find_nobody();
  auto heard = no_router_.hear(serialize(wire::RouterSolicitation{mac, true}), {neighbour(1), 255}, now_);
  EXPECT_EQ(heard.machine, mac);
}

TEST_F(NoRouterTest, AnswersMachinesThatAskAtOnceWithOneAdvertisement) {
  find_nobody();
  for (std::uint8_t number = 1; number < 100; ++number)
    EXPECT_EQ(solicit(neighbour(number)), Outcome::answered);
  EXPECT_THAT(after(10s), ElementsAre(to_all));
}

TEST_F(NoRouterTest, AnswersOneByOneUntilThreeSecondsHavePassed) {
  find_nobody();
  solicit();
  after(50ms);
  EXPECT_EQ(solicit(neighbour(2)), Outcome::answered);
  EXPECT_EQ(solicit(neighbour(2)), Outcome::answered);
  EXPECT_THAT(after(50ms), ElementsAre(to_one(2)));
  after(3s);
  solicit(neighbour(2));
  EXPECT_THAT(after(50ms), ElementsAre(to_all));
}

TEST_F(NoRouterTest, BoundsWhatItSendsWhateverComesIn) {
  find_nobody();
  std::size_t to_everyone = 0, alone = 0;
  for (int i = 0; i < 3000; ++i) {  // six seconds, five hundred askers a second
    solicit(neighbour(static_cast<std::uint8_t>(i)));
    for (const ToSend& send : after(2ms)) ++(send.to ? alone : to_everyone);
  }
  EXPECT_LE(to_everyone, 3u);
  EXPECT_GE(to_everyone, 2u) << "those that were not answered alone";
  EXPECT_LE(alone, 3u * 64);
}

TEST_F(NoRouterTest, AnswersOneWithoutAnAddressWithTheNextMulticast) {
  find_nobody();
  solicit();
  after(50ms);
  auto heard = no_router_.hear(serialize(wire::RouterSolicitation{}), {Ipv6{}, 255}, now_);
  EXPECT_EQ(heard.outcome, Outcome::answered);
  EXPECT_THAT(after(2900ms), IsEmpty());
  EXPECT_THAT(after(200ms), ElementsAre(to_all));
}

TEST_F(NoRouterTest, IsSilentFromTheMomentARouterSpeaksUntilItsLifeIsOver) {
  find_nobody();
  EXPECT_EQ(solicit(), Outcome::answered);
  EXPECT_EQ(advertise(alive), Outcome::router);
  EXPECT_EQ(no_router_.router(), router);
  EXPECT_EQ(solicit(), Outcome::other_router);
  EXPECT_THAT(after(1799s), IsEmpty()) << "not even what was planned";
  EXPECT_EQ(solicit(), Outcome::other_router);
  EXPECT_THAT(after(1s), ElementsAre(solicitation)) << "it looks anew";
  EXPECT_EQ(solicit(), Outcome::looking);
  after(4s);
  EXPECT_EQ(solicit(), Outcome::answered);
}

TEST_F(NoRouterTest, StandsBackForARouterThatOnlyHasAPrefixOrDhcp) {
  find_nobody();
  Bytes with_prefix = serialize(silent);
  with_prefix.resize(16 + 32);
  with_prefix[16] = 3;
  with_prefix[17] = 4;
  EXPECT_EQ(no_router_.hear(with_prefix, {router, 255}, now_).outcome, Outcome::router);
  after(5399s);
  EXPECT_EQ(solicit(), Outcome::other_router);
  after(10s);
  EXPECT_EQ(solicit(), Outcome::answered);
  EXPECT_EQ(advertise({0, 0x80, 0, 0, 0, false}), Outcome::router) << "M: addresses by DHCPv6";
}

TEST_F(NoRouterTest, LooksAnewWhenTheRouterSaysThatItIsNoneAnyMore) {
  find_nobody();
  advertise(alive);
  EXPECT_EQ(advertise(silent, neighbour(7)), Outcome::not_router);
  EXPECT_EQ(no_router_.router(), router) << "another said so";
  EXPECT_EQ(advertise(silent), Outcome::not_router);
  EXPECT_FALSE(no_router_.router());
  EXPECT_THAT(after(0s), ElementsAre(solicitation));
}

TEST_F(NoRouterTest, LivesBesideAnotherThatSaysTheSame) {
  find_nobody();
  EXPECT_EQ(advertise(silent, neighbour(7)), Outcome::not_router);
  EXPECT_EQ(solicit(), Outcome::answered);
}

TEST_F(NoRouterTest, StaysSilentForTheLongestLivedOfTwoRouters) {
  find_nobody();
  advertise(alive);
  advertise({64, 0, 10, 0, 0, false}, neighbour(201));
  after(1000s);
  EXPECT_EQ(solicit(), Outcome::other_router);
}

TEST_F(NoRouterTest, BelievesNothingFromBeyondTheLink) {
  find_nobody();
  EXPECT_EQ(solicit(neighbour(1), 254), Outcome::wrong_hop_limit);
  EXPECT_EQ(advertise(alive, router, 64), Outcome::wrong_hop_limit);
  EXPECT_EQ(advertise(alive, Ipv6{{0x20, 1}}), Outcome::wrong_source);
  EXPECT_EQ(solicit(Ipv6{}), Outcome::wrong_source) << "no address, but a link-layer address";
  EXPECT_EQ(solicit(Ipv6{{0xff, 2}}), Outcome::wrong_source);
  EXPECT_EQ(no_router_.hear(as_bytes("nonsense"), {neighbour(1), 255}, now_).outcome, Outcome::malformed);
  EXPECT_THAT(after(10s), IsEmpty());
}

TEST(Outcome, HasANameAndASentenceEach) {
  for (Outcome outcome : all_outcomes()) {
    EXPECT_FALSE(to_string(outcome).empty());
    EXPECT_FALSE(sentence(outcome).empty());
  }
  for (std::size_t i = 0; i < outcome_count; ++i)
    EXPECT_EQ(static_cast<std::size_t>(all_outcomes()[i]), i) << "in the order of the enum";
}

}  // namespace
}  // namespace slipway::ndp
