// SPDX-License-Identifier: MPL-2.0
#include "dhcp/intake.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;
using testing::ElementsAre;

constexpr Intake::Limits small{.packets = 4, .per_client = 3};

Packet packet_of(DhcpMessage message) {
  return {std::move(message), {}};
}

/// The drops of pushing these, "" where nothing had to go.
std::vector<std::string_view> push(Intake& intake, std::initializer_list<DhcpMessage> messages) {
  std::vector<std::string_view> drops;
  for (const DhcpMessage& message : messages) {
    auto gone = intake.push(packet_of(message));
    drops.push_back(gone ? to_string(gone->why) : "");
  }
  return drops;
}

/// The clients in the order in which they are served.
std::vector<int> served(Intake& intake) {
  std::vector<int> clients;
  while (auto packet = intake.pop()) clients.push_back(packet->message.mac()->bytes[5]);
  return clients;
}

TEST(Intake, ServesRenewalsBeforeOtherRequestsAndDiscoversLast) {
  Intake intake;
  push(intake, {discover(1), selecting("10.0.0.10", 2), renewing("10.0.0.11", 3), release("10.0.0.12", 4)});
  EXPECT_THAT(served(intake), ElementsAre(3, 2, 4, 1));
}

TEST(Intake, ServesTheNewestDiscoverFirstAndTheOldestRequest) {
  Intake intake;
  push(intake, {discover(1), discover(2), discover(3), selecting("10.0.0.10", 4), selecting("10.0.0.11", 5)});
  EXPECT_THAT(served(intake), ElementsAre(4, 5, 3, 2, 1));
}

TEST(Intake, LetsANewerDiscoverOfAClientTakeThePlaceOfTheOlder) {
  Intake intake;
  DhcpMessage again = discover(1);
  again.xid = 7;
  EXPECT_THAT(push(intake, {discover(1), discover(2), again}), ElementsAre("", "", "superseded"));
  EXPECT_EQ(intake.pop()->message.xid, 7u);
  EXPECT_THAT(served(intake), ElementsAre(2));
}

TEST(Intake, TellsTheSameAddressBehindTwoRelaysApart) {
  Intake intake;
  EXPECT_THAT(push(intake, {relayed(discover(1), "10.1.0.1"), relayed(discover(1), "10.2.0.1")}),
              ElementsAre("", ""));
  EXPECT_THAT(served(intake), ElementsAre(1, 1));
}

TEST(Intake, KnowsAClientWithoutHardwareAddressByItsClientId) {
  Intake intake;
  auto infiniband = [](std::uint8_t id) {
    DhcpMessage message = discover(0);
    message.htype = 32;
    message.hlen = 0;
    message.chaddr = {};
    message.options.set_raw(opt::ClientId::code, {0xff, id});
    return message;
  };
  EXPECT_THAT(push(intake, {infiniband(1), infiniband(2), infiniband(1)}), ElementsAre("", "", "superseded"));
}

TEST(Intake, DropsTheOldestDiscoverWhenItIsFull) {
  Intake intake(small);
  EXPECT_THAT(push(intake, {discover(1), discover(2), discover(3), discover(4), discover(5),
                            selecting("10.0.0.10", 6)}),
              ElementsAre("", "", "", "", "stale_discover", "stale_discover"));
  EXPECT_THAT(served(intake), ElementsAre(6, 5, 4, 3));
}

TEST(Intake, RefusesDiscoversAndRequestsWhenItIsFullOfRequests) {
  Intake intake(small);
  push(intake, {selecting("10.0.0.10", 1), selecting("10.0.0.10", 2), selecting("10.0.0.10", 3),
                selecting("10.0.0.10", 4)});
  EXPECT_THAT(push(intake, {discover(5), selecting("10.0.0.10", 6)}),
              ElementsAre("intake_full", "intake_full"));
  EXPECT_THAT(served(intake), ElementsAre(1, 2, 3, 4));
}

TEST(Intake, GivesARenewalThePlaceOfTheNewestRequest) {
  Intake intake(small);
  push(intake, {selecting("10.0.0.10", 1), selecting("10.0.0.10", 2), renewing("10.0.0.10", 3),
                renewing("10.0.0.10", 4)});
  auto gone = intake.push(packet_of(renewing("10.0.0.10", 5)));
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->packet.message.mac(), mac(2));
  EXPECT_EQ(gone->why, Drop::intake_full);
  EXPECT_THAT(served(intake), ElementsAre(3, 4, 5, 1));
}

TEST(Intake, RefusesWhatOneClientSendsBeyondItsShare) {
  Intake intake(small);
  EXPECT_THAT(push(intake, {selecting("10.0.0.10", 1), renewing("10.0.0.10", 1), discover(1),
                            renewing("10.0.0.10", 1), discover(1), discover(2)}),
              ElementsAre("", "", "", "client_over_share", "superseded", ""));
  intake.pop();
  EXPECT_THAT(push(intake, {renewing("10.0.0.10", 1)}), ElementsAre("")) << "one was served, there is room";
}

TEST(Intake, LosesNothingWithoutAReasonAndNeverOutgrowsItsBounds) {
  SeededRandom random(1);
  Intake intake({.packets = 50, .per_client = 4});
  std::size_t pushed = 0, gone = 0, popped = 0;
  std::map<int, std::size_t> waiting;
  for (int step = 0; step < 20'000; ++step) {
    if (random.below(5) < 2) {
      auto packet = intake.pop();
      if (packet) --waiting[packet->message.mac()->bytes[5]];
      popped += packet.has_value();
      continue;
    }
    int client = static_cast<int>(random.below(30));
    DhcpMessage messages[] = {discover(client), selecting("10.0.0.10", client),
                              renewing("10.0.0.10", client)};
    auto discarded = intake.push(packet_of(messages[random.below(3)]));
    ++pushed;
    ++waiting[client];
    if (discarded) --waiting[discarded->packet.message.mac()->bytes[5]];
    gone += discarded.has_value();
    ASSERT_LE(intake.size(), 50u);
    ASSERT_LE(waiting[client], 4u);
    ASSERT_EQ(pushed, popped + gone + intake.size());
  }
  EXPECT_GT(gone, 1000u);
}

}  // namespace
}  // namespace slipway::dhcp
