// SPDX-License-Identifier: MPL-2.0
#include "dhcp/probes.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Heard = Probes::Heard;

constexpr unsigned link = 7;
const MacAddress squatter{{2, 0, 0, 0, 0, 0x66}};
const Ipv4 address{0x0a000064};

Pending pending(int client, Ipv4 wanted = address, Probe::Way way = Probe::Way::arp) {
  Pending made;
  made.packet.message = discover(client);
  made.offer.probe.emplace();
  made.offer.probe->address = wanted;
  made.offer.probe->interface = link;
  made.offer.probe->way = way;
  return made;
}

class ProbesTest : public testing::Test {
 protected:
  std::optional<Unasked> objection(Pending asked) {
    asked.heard = now;
    return probes.objection(asked, now);
  }
  std::optional<Pending> hold(Pending held) {
    held.heard = now;
    return probes.hold(std::move(held), now);
  }
  Heard hear(Ipv4 from = address, std::optional<MacAddress> by = squatter, unsigned on = link) {
    return probes.answered(from, on, by, now).what;
  }
  /// Lets the time of every question pass; the clients whose OFFERs are said then.
  std::vector<MacAddress> said_after(Duration time) {
    now += time;
    std::vector<MacAddress> clients;
    for (const Pending& silent : probes.due(now).silent) clients.push_back(*silent.packet.message.mac());
    return clients;
  }

  Tick now{1h};
  Probes probes;
};

TEST_F(ProbesTest, AreSaidWhenNobodyAnsweredForTwoHundredMilliseconds) {
  EXPECT_FALSE(objection(pending(1)));
  EXPECT_FALSE(hold(pending(1)));
  EXPECT_THAT(said_after(199ms), testing::IsEmpty());
  EXPECT_THAT(said_after(1ms), testing::ElementsAre(mac(1)));
  EXPECT_FALSE(probes.next());
}

TEST_F(ProbesTest, BehindARelayWaitTwiceAsLong) {
  hold(pending(1, address, Probe::Way::echo));
  EXPECT_THAT(said_after(399ms), testing::IsEmpty());
  EXPECT_THAT(said_after(1ms), testing::ElementsAre(mac(1)));
}

TEST_F(ProbesTest, AreAskedOnceMoreAtHalfTheTime) {
  hold(pending(1));
  ASSERT_EQ(probes.next(), now + 100ms);
  now += 100ms;
  auto due = probes.due(now);
  ASSERT_EQ(due.ask_again.size(), 1u);
  EXPECT_EQ(due.ask_again[0].address, address);
  EXPECT_TRUE(due.silent.empty());
  EXPECT_EQ(probes.next(), now + 100ms);
}

TEST_F(ProbesTest, AreNeverSaidOnceSomebodyAnswers) {
  hold(pending(1));
  now += 5ms;
  auto answered = probes.answered(address, link, squatter, now);
  EXPECT_EQ(answered.what, Heard::in_use);
  EXPECT_EQ(answered.pending->packet.message.mac(), mac(1));
  EXPECT_THAT(said_after(1s), testing::IsEmpty());
  EXPECT_EQ(hear(), Heard::nothing) << "twice";
}

TEST_F(ProbesTest, DoNotMindAnAnswerOfTheClientItself) {
  hold(pending(1));
  EXPECT_EQ(hear(address, mac(1)), Heard::nothing);
  EXPECT_THAT(said_after(200ms), testing::ElementsAre(mac(1)));
}

TEST_F(ProbesTest, DoNotMindAnswersFromElsewhere) {
  hold(pending(1));
  EXPECT_EQ(hear({address.value + 1}), Heard::nothing) << "another address";
  EXPECT_EQ(hear(address, squatter, link + 1), Heard::nothing) << "another link";
  EXPECT_EQ(hear(address, std::nullopt), Heard::nothing) << "an echo that nobody asked for";
  hold(pending(2, {address.value + 2}, Probe::Way::echo));
  EXPECT_EQ(hear({address.value + 2}), Heard::nothing) << "ARP for a far address";
  EXPECT_EQ(hear({address.value + 2}, std::nullopt, 0), Heard::in_use);
}

TEST_F(ProbesTest, OfOneClientAreJoinedAndTheNewestIsSaid) {
  hold(pending(1));
  now += 50ms;
  Pending again = pending(1);
  again.packet.message.xid = 0xbeef;
  again.offer.probe->only_joins = true;
  EXPECT_FALSE(objection(again)) << "it waits with the first one";
  auto older = hold(again);
  ASSERT_TRUE(older);
  EXPECT_NE(older->packet.message.xid, again.packet.message.xid);
  now += 150ms;
  auto due = probes.due(now);
  ASSERT_EQ(due.silent.size(), 1u);
  EXPECT_EQ(due.silent[0].packet.message.xid, again.packet.message.xid) << "at the time of the first one";
}

TEST_F(ProbesTest, NeverJoinThoseOfAnotherClient) {
  hold(pending(1));
  EXPECT_EQ(objection(pending(2)), Unasked::offered_before);
}

TEST_F(ProbesTest, BeginNothingForAnAddressThatWasOfferedBefore) {
  Pending again = pending(1);
  again.offer.probe->only_joins = true;
  EXPECT_EQ(objection(again), Unasked::offered_before);
}

TEST_F(ProbesTest, RememberForAMinuteThatNobodyAnswered) {
  hold(pending(1));
  said_after(200ms);
  EXPECT_EQ(objection(pending(2)), Unasked::known_silent);
  now += 59s;
  EXPECT_EQ(objection(pending(2)), Unasked::known_silent);
  now += 1s;
  EXPECT_FALSE(objection(pending(2)));
}

TEST_F(ProbesTest, DoNotKeepAClientThatHasWaitedLongEnough) {
  Pending late = pending(1);
  late.packet.message.secs = 4;
  EXPECT_FALSE(objection(late)) << "as ROMs write into their first DISCOVER";
  late.packet.message.secs = 8;
  EXPECT_EQ(objection(late), Unasked::client_waits);
}

TEST_F(ProbesTest, EndTheSearchWhenEveryAddressIsInUse) {
  Pending tried = pending(1);
  tried.heard = now;
  now += 500ms;
  EXPECT_FALSE(probes.objection(tried, now));
  now += 1ms;
  EXPECT_EQ(probes.objection(tried, now), Unasked::client_waits) << "200 ms more would be too late";
}

TEST_F(ProbesTest, AreNoMoreThanABoundAtATime) {
  for (std::uint32_t i = 0; i < Probes::most_under_way; ++i) {
    ASSERT_FALSE(objection(pending(1, {address.value + i}))) << i;
    hold(pending(1, {address.value + i}));
  }
  EXPECT_EQ(objection(pending(1, {address.value + 1000})), Unasked::too_many);
  said_after(200ms);
  EXPECT_FALSE(objection(pending(1, {address.value + 1000})));
}

TEST_F(ProbesTest, RememberNoMoreThanABound) {
  for (std::uint32_t i = 0; i <= Probes::most_remembered; ++i) {
    hold(pending(1, {address.value + i}));
    said_after(200ms);
    now -= 190ms;
  }
  EXPECT_FALSE(objection(pending(2))) << "the first was forgotten";
  EXPECT_EQ(objection(pending(2, {address.value + 1})), Unasked::known_silent);
}

TEST_F(ProbesTest, DoNotBelieveAStationThatAnswersForEveryone) {
  auto answered_for = [&](std::uint32_t number) {
    hold(pending(1, {address.value + number}));
    return hear({address.value + number});
  };
  for (std::uint32_t i = 0; i < Probes::most_believed; ++i) EXPECT_EQ(answered_for(i), Heard::in_use);
  EXPECT_EQ(answered_for(100), Heard::disbelieved);
  EXPECT_THAT(said_after(200ms), testing::ElementsAre(mac(1))) << "and the pool does not run dry";
  hold(pending(1, {address.value + 101}));
  EXPECT_EQ(hear({address.value + 101}, MacAddress{{2, 0, 0, 0, 0, 0x67}}), Heard::in_use) << "another is";
  now += 61min;
  EXPECT_EQ(answered_for(102), Heard::in_use) << "after an hour it is again";
}

TEST_F(ProbesTest, DoNotBelieveANetworkWhereEveryPingIsAnswered) {
  auto pinged = [&](std::uint32_t number, bool answers = true) {
    Ipv4 far{address.value + number};
    hold(pending(1, far, Probe::Way::echo));
    Heard what = answers ? hear(far, std::nullopt, 0) : Heard::nothing;
    said_after(400ms);
    return what;
  };
  for (std::uint32_t i = 0; i < Probes::most_believed; ++i) EXPECT_EQ(pinged(i), Heard::in_use);
  EXPECT_EQ(pinged(100), Heard::disbelieved);
  EXPECT_EQ(objection(pending(2, {address.value + 100})), std::nullopt) << "it is not known to be silent";
  EXPECT_EQ(pinged(101), Heard::disbelieved) << "what was not believed is no silence";
  EXPECT_EQ(pinged(102, false), Heard::nothing);
  EXPECT_EQ(pinged(103), Heard::in_use) << "there is one that nobody answers for";
}

// Which OFFERs of the responder are asked for.

std::optional<Probe> probe_of(const Handled& handled) {
  auto* answer = std::get_if<Answer>(&handled.verdict);
  EXPECT_TRUE(answer);
  return answer ? answer->probe : std::nullopt;
}

TEST(ChooseProbe, AsksTheLinkForAFreshAddress) {
  Rig rig;
  auto probe = probe_of(rig.handle(discover()));
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->address, ip("10.0.0.100"));
  EXPECT_EQ(probe->subnet, Prefix::parse("10.0.0.0/24"));
  EXPECT_EQ(probe->way, Probe::Way::arp);
  EXPECT_EQ(probe->interface, broadcast_on().index);
  EXPECT_FALSE(probe->only_joins);
}

TEST(ChooseProbe, PingsAnAddressBehindARelay) {
  Rig rig;
  auto probe = probe_of(rig.handle(relayed(discover(), "10.0.0.1"), unicast_from("10.0.0.1")));
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->way, Probe::Way::echo);
}

TEST(ChooseProbe, JoinsWhenAClientAsksAgain) {
  Rig rig;
  rig.handle(discover());
  auto probe = probe_of(rig.handle(discover()));
  ASSERT_TRUE(probe);
  EXPECT_TRUE(probe->only_joins);
}

TEST(ChooseProbe, AsksForAWishOnTheLinkOnly) {
  Rig rig;
  DhcpMessage wishing = discover();
  wishing.options.set<opt::RequestedAddress>(ip("10.0.0.102"));
  EXPECT_TRUE(probe_of(rig.handle(wishing)));
  Rig far;
  EXPECT_FALSE(probe_of(far.handle(relayed(wishing, "10.0.0.1"), unicast_from("10.0.0.1"))));
}

TEST(ChooseProbe, AsksForTheLongestUnusedAddressOfAnother) {
  Rig rig;
  for (int client : {1, 2, 3}) rig.lease_to(client, "10.0.0.10" + std::to_string(client - 1));
  rig.now += 2000s;
  EXPECT_TRUE(probe_of(rig.handle(discover(4))));
}

TEST(ChooseProbe, LeavesAClientsOwnAddressAlone) {
  model::Draft draft = site();
  draft.machines = {machine("node2", 2, ip("10.0.0.50"))};
  Rig rig(draft);
  rig.lease_to(1, "10.0.0.101");
  EXPECT_FALSE(probe_of(rig.handle(discover(1)))) << "current";
  rig.now += 2000s;
  EXPECT_FALSE(probe_of(rig.handle(discover(1)))) << "former";
  EXPECT_FALSE(probe_of(rig.handle(discover(2)))) << "reserved";
}

TEST(ChooseProbe, AsksNothingWhereTheSubnetSaysSo) {
  model::Draft draft = site();
  draft.subnets[0].probe = false;
  Rig rig(draft);
  EXPECT_FALSE(probe_of(rig.handle(discover())));
}

}  // namespace
}  // namespace slipway::dhcp
