// SPDX-License-Identifier: MPL-2.0
#include "dhcp/foreign_servers.h"

#include "dhcp/server_question.h"
#include "dhcp/test_rig.h"
#include "dhcp/waiting_room.h"

namespace slipway::dhcp {
namespace {

using namespace std::chrono_literals;
using namespace test;
using What = ServerNews::What;

const Ipv4 other{0x0a000009}, third{0x0a00000a};
const MacAddress station{{2, 0, 0, 0, 0, 9}};

Sighting offers(Ipv4 server = other) {
  return {server, station, true, ip("10.0.0.150")};
}
Sighting informs(Ipv4 server = other) {
  return {server, station, false, {}};
}

class ForeignServersTest : public testing::Test {
 protected:
  std::optional<What> hear(const Sighting& sighting, const std::string& link = "eth1") {
    auto news = servers.heard(link, sighting, {start, now});
    return news ? std::optional(news->what) : std::nullopt;
  }
  /// Lets this much time pass, step by step; what is told meanwhile.
  std::vector<What> pass(Duration time) {
    std::vector<What> told;
    for (Tick end = now + time; now < end;) {
      now = std::min(end, std::max(now, servers.next().value_or(end)));
      ForeignServers::Due due = servers.due(now);
      questions += due.ask.size();
      for (const ServerNews& news : due.news) told.push_back(news.what);
    }
    return told;
  }
  Company company() { return servers.company("eth1"); }
  void serve(bool yields = true) { servers.serve({{"eth1", yields}}, now); }

  Tick now{1h};
  ForeignServers servers;
  std::size_t questions = 0;
};

TEST_F(ForeignServersTest, AreLookedForInTwoSecondsAndThreeQuestionsWhereNobodyIs) {
  serve();
  EXPECT_EQ(company(), Company::looking);
  pass(1999ms);
  EXPECT_EQ(company(), Company::looking);
  EXPECT_THAT(pass(1ms), testing::ElementsAre(What::none_found));
  EXPECT_EQ(company(), Company::alone);
  EXPECT_EQ(questions, 3u);
}

TEST_F(ForeignServersTest, KeepOursBackWhenTheyAreFoundAtTheStart) {
  serve();
  pass(100ms);
  EXPECT_EQ(hear(offers()), What::yielded_to);
  EXPECT_EQ(company(), Company::beside);
  ASSERT_TRUE(servers.rival("eth1"));
  EXPECT_EQ(servers.rival("eth1")->to_string(), "10.0.0.9 (02:00:00:00:00:09)");
  EXPECT_EQ(hear(offers()), std::nullopt) << "told once";
  pass(10s);
  EXPECT_EQ(company(), Company::beside);
}

TEST_F(ForeignServersTest, ThatGiveAddressesAreSeenBehindAnyNumberThatOnlyAnswer) {
  serve();
  pass(100ms);
  for (std::uint32_t forged = 0; forged < 40; ++forged) hear(informs({0x0a000100 + forged}));
  EXPECT_EQ(hear(offers()), What::yielded_to);
  EXPECT_EQ(company(), Company::beside);
}

TEST_F(ForeignServersTest, ThatAppearLaterDoNotStopOurs) {
  serve();
  pass(2s);
  EXPECT_EQ(hear(offers()), What::appeared);
  EXPECT_EQ(company(), Company::alone);
  pass(10min);
  EXPECT_EQ(company(), Company::alone);
}

TEST_F(ForeignServersTest, ThatAnswerAndOfferNothingYetAreWaitedFor) {
  serve();
  pass(100ms);
  EXPECT_EQ(hear(informs()), What::noticed);
  pass(3s);
  EXPECT_EQ(company(), Company::looking) << "dnsmasq pings for three seconds before it offers";
  EXPECT_EQ(hear(offers()), What::yielded_to);
}

TEST_F(ForeignServersTest, ThatNeverOfferDoNotKeepOursBack) {
  serve();
  pass(100ms);
  hear(informs());
  pass(4400ms);
  EXPECT_EQ(company(), Company::alone);
}

TEST_F(ForeignServersTest, AreGoneAfterThreeLooksWithoutAWord) {
  serve();
  hear(offers());
  pass(2s);
  EXPECT_EQ(company(), Company::beside);
  EXPECT_THAT(pass(62s), testing::IsEmpty()) << "silent once";
  EXPECT_THAT(pass(62s), testing::IsEmpty()) << "twice";
  EXPECT_THAT(pass(62s), testing::ElementsAre(What::gone));
  EXPECT_EQ(company(), Company::alone);
  EXPECT_FALSE(servers.rival("eth1"));
}

TEST_F(ForeignServersTest, AreThereAsLongAsTheyAnswerNowAndThen) {
  serve();
  for (int look = 0; look < 10; ++look) {
    if (look % 2 == 0) hear(offers());
    EXPECT_THAT(pass(62s), testing::Not(testing::Contains(What::gone)));
  }
  EXPECT_EQ(company(), Company::beside);
}

TEST_F(ForeignServersTest, AreGoneAtOnceWhenTheOperatorAsksAndTheyAreSilent) {
  serve();
  hear(offers());
  pass(5s);
  servers.look_again(now);
  EXPECT_EQ(company(), Company::beside) << "not before it is known";
  EXPECT_THAT(pass(2s), testing::ElementsAre(What::gone));
  EXPECT_EQ(company(), Company::alone);
}

TEST_F(ForeignServersTest, AreOnlyNoticedWhereThePlanIgnoresThem) {
  serve(false);
  EXPECT_EQ(company(), Company::alone) << "at once";
  EXPECT_EQ(hear(offers()), What::noticed);
  EXPECT_EQ(company(), Company::alone);
}

TEST_F(ForeignServersTest, CountWhenThePlanIsChangedToYield) {
  serve(false);
  hear(offers());
  pass(5s);
  serve(true);
  EXPECT_EQ(company(), Company::beside);
  serve(false);
  EXPECT_EQ(company(), Company::alone);
}

TEST_F(ForeignServersTest, DoNotStopALinkThatIsServedAgain) {
  serve();
  pass(5s);
  hear(offers());
  serve();
  EXPECT_EQ(company(), Company::alone);
}

TEST_F(ForeignServersTest, BelongToTheirLink) {
  servers.serve({{"eth1", true}, {"eth2", true}}, now);
  hear(offers(), "eth2");
  pass(2s);
  EXPECT_EQ(servers.company("eth1"), Company::alone);
  EXPECT_EQ(servers.company("eth2"), Company::beside);
  EXPECT_EQ(hear(offers(), "eth9"), std::nullopt) << "a link that we do not serve";
  servers.serve({{"eth1", true}}, now);
  EXPECT_THAT(servers.standing(), testing::IsEmpty());
}

TEST_F(ForeignServersTest, KeepOursBackUntilTheLastOfThemIsGone) {
  serve();
  hear(offers());
  hear(offers(third));
  for (int look = 0; look < 4; ++look) {
    hear(offers(third));
    pass(62s);
  }
  EXPECT_EQ(servers.standing().size(), 1u);
  EXPECT_EQ(company(), Company::beside);
}

TEST_F(ForeignServersTest, AreNoMoreThanABoundOnALink) {
  serve(false);
  for (std::uint32_t i = 0; i < 100; ++i) hear(offers({other.value + i}));
  EXPECT_EQ(servers.standing().size(), ForeignServers::most_on_a_link);
}

TEST_F(ForeignServersTest, AreNamedInASentenceWithTheModesThatFit) {
  serve();
  hear(offers());
  std::string words = sentence(servers.standing().front());
  for (const char* part : {"10.0.0.9 (02:00:00:00:00:09)", "eth1", "10.0.0.150", "mode = \"proxy\"",
                           "mode = \"off\"", "other-servers = \"ignore\""}) {
    EXPECT_THAT(words, testing::HasSubstr(part));
  }
}

// What is an answer of another server.

DhcpMessage answer_of(MessageType type, std::string_view address = "0.0.0.0") {
  DhcpMessage message = packet(type);
  message.op = wire::Op::boot_reply;
  message.yiaddr = ip(address);
  message.options.set<opt::ServerId>(other);
  return message;
}

TEST(SightingOf, IsAnOfferAnAckOrANak) {
  auto offer = sighting_of(answer_of(MessageType::offer, "10.0.0.150"), third, station);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->server, other) << "its server id, not the relay it came by";
  EXPECT_EQ(offer->station, station);
  EXPECT_EQ(offer->offered, ip("10.0.0.150"));
  EXPECT_TRUE(offer->gives_addresses);
  EXPECT_TRUE(sighting_of(answer_of(MessageType::nak), third, station)->gives_addresses);
}

TEST(SightingOf, GivesNoAddressWhenItIsAProxysOrAnAckToAnInform) {
  EXPECT_FALSE(sighting_of(answer_of(MessageType::offer), third, station)->gives_addresses);
  EXPECT_FALSE(sighting_of(answer_of(MessageType::ack), third, station)->gives_addresses);
}

TEST(SightingOf, IsNoRequestAndNoBootpReply) {
  EXPECT_FALSE(sighting_of(discover(), third, station));
  DhcpMessage bootp = answer_of(MessageType::offer);
  bootp.options = {};
  EXPECT_FALSE(sighting_of(bootp, third, station));
  DhcpMessage nameless = packet(MessageType::offer);
  nameless.op = wire::Op::boot_reply;
  EXPECT_EQ(sighting_of(nameless, third, station)->server, third);
  EXPECT_FALSE(sighting_of(nameless, Ipv4::any(), station));
}

// Our own questions.

TEST(ServerQuestion, IsKnownByWhoeverAskedAndByNobodyElse) {
  const MacAddress ours{{0x52, 0x54, 0, 1, 2, 3}}, peers{{0x52, 0x54, 0, 9, 9, 9}};
  for (const DhcpMessage& asked : {server_discover(ours, 1), server_inform(ours, server_address, 2)}) {
    auto back = wire::parse_dhcp(wire::serialize(asked).bytes);
    ASSERT_TRUE(back);
    EXPECT_TRUE(is_server_question(*back, ours));
    EXPECT_FALSE(is_server_question(*back, peers)) << "another Slipway answers it like any client";
    EXPECT_TRUE(back->wants_broadcast());
  }
  DhcpMessage machine = discover();
  machine.set_mac(ours);
  EXPECT_FALSE(is_server_question(machine, ours)) << "the machine itself may be booted, too";
}

TEST(ServerQuestion, ComesFromALocallyAdministeredClient) {
  MacAddress asker = asker_on({{0x0c, 0xc4, 0x7a, 1, 2, 3}});
  EXPECT_FALSE(asker.is_multicast());
  EXPECT_EQ(asker.bytes[0] & 2, 2);
}

// Who waits meanwhile.

TEST(WaitingRoom, KeepsTheNewestOfEachClient) {
  WaitingRoom room;
  EXPECT_FALSE(room.admit({{discover(2), broadcast_on()}, {}, Tick{2s}}));
  EXPECT_FALSE(room.admit({{discover(1), broadcast_on()}, {}, Tick{1s}}));
  DhcpMessage again = discover(2);
  again.xid = 7;
  auto displaced = room.admit({{again, broadcast_on()}, {}, Tick{3s}});
  ASSERT_TRUE(displaced);
  EXPECT_EQ(displaced->why, Drop::superseded);
  EXPECT_NE(displaced->waiter.packet.message.xid, 7u);
  auto all = room.leave();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].packet.message.mac(), mac(1)) << "in the order they came";
  EXPECT_EQ(all[1].packet.message.xid, 7u);
  EXPECT_EQ(room.size(), 0u);
}

TEST(WaitingRoom, TurnsNewcomersAwayWhenItIsFull) {
  WaitingRoom room;
  for (std::size_t i = 0; i < WaitingRoom::seats; ++i) {
    DhcpMessage message = discover();
    message.set_mac({{2, 0, 0, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}});
    ASSERT_FALSE(room.admit({{message, broadcast_on()}, {}, Tick{}}));
  }
  EXPECT_EQ(room.admit({{discover(1), broadcast_on()}, {}, Tick{}})->why, Drop::looking_for_servers);
}

}  // namespace
}  // namespace slipway::dhcp
