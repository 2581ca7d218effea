// SPDX-License-Identifier: MPL-2.0
#include "api/machines.h"

#include <gmock/gmock.h>

#include "api/test_world.h"

namespace slipway::api::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct MachinesOf : Daemon {
  Machines machines{*current, book, timeline, noon};
};

TEST(Machines, AreFoundByWhateverAnOperatorTypes) {
  MachinesOf all;
  for (const char* text :
       {"node1", "52:54:00:00:00:01", "52-54-00-00-00-02", "5254.0000.0001", "10.0.0.20"}) {
    auto found = all.machines.find(text);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->named->name, "node1") << text;
  }
}

TEST(Machines, AreFoundWhenOnlyALeaseKnowsThem) {
  MachinesOf all;
  for (const char* text : {"10.0.0.100", "52:54:00:00:00:09"}) {
    auto found = all.machines.find(text);
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->named, nullptr);
    EXPECT_THAT(found->macs, ElementsAre(mac(9)));
  }
}

TEST(Machines, ThatNeverCameAreNotFound) {
  MachinesOf all;
  for (const char* text : {"node7", "52:54:00:00:00:77", "10.0.0.77", "10.0.0.101", ""})
    EXPECT_FALSE(all.machines.find(text)) << text;
}

TEST(Machines, ConfiguredByUuidAreThoseThatShowedIt) {
  Daemon daemon;
  daemon.record(timeline::Kind::dhcp_discover, mac(5));
  daemon.timeline.call(mac(5), "board");
  Machines machines(*daemon.current, daemon.book, daemon.timeline, noon);
  for (const char* text :
       {"board", "10.0.0.51", "564d7f5c-8f05-4a7e-9a10-0cc47aabcdef", "52:54:00:00:00:05"}) {
    auto found = machines.find(text);
    ASSERT_TRUE(found && found->named) << text;
    EXPECT_EQ(found->named->name, "board") << text;
    EXPECT_THAT(found->macs, ElementsAre(mac(5))) << text;
    EXPECT_EQ(machines.boots(*found).size(), 1u) << text;
  }
  int listed = 0;
  for (const FoundMachine& machine : machines.all()) listed += machine.macs == std::vector{mac(5)};
  EXPECT_EQ(listed, 1);
}

TEST(Machines, ConfiguredWithoutAMacAreKnownByTheirLeaseAfterARestart) {
  Daemon daemon;
  lease::Lease reserved = lease(mac(5), "10.0.0.51", noon + std::chrono::hours(1));
  lease::Lease by_id = lease(mac(6), "10.0.0.102", noon + std::chrono::hours(1));
  by_id.client_id = {1, 2, 3};
  daemon.book.load({reserved, by_id}, noon);
  Machines machines(*daemon.current, daemon.book, daemon.timeline, noon);
  EXPECT_THAT(machines.find("board")->macs, ElementsAre(mac(5)));
  EXPECT_EQ(machines.view(*machines.find("board")).address, "10.0.0.51");
  EXPECT_THAT(machines.find("by-id")->macs, ElementsAre(mac(6)));
  Names names(*daemon.current, daemon.timeline);
  EXPECT_EQ(names.holder(reserved)->name, "board");
  EXPECT_EQ(names.holder(by_id)->name, "by-id");
  EXPECT_EQ(names.holder(lease(mac(9), "10.0.0.100", noon)), nullptr);
}

TEST(Machines, SuggestTheNearestName) {
  MachinesOf all;
  EXPECT_THAT(all.machines.unknown("nod2").what, HasSubstr("did you mean node2?"));
  EXPECT_THAT(all.machines.unknown("52:54:00:00:00:77").remedy, HasSubstr("VLAN"));
  EXPECT_THAT(all.machines.unknown("zzzzzzzzzzzz").what, ::testing::Not(HasSubstr("did you mean")));
}

TEST(Machines, AreListedOnceEach) {
  MachinesOf all;
  std::vector<std::string> listed;
  for (const FoundMachine& machine : all.machines.all()) listed.push_back(all.machines.view(machine).machine);
  EXPECT_THAT(listed, ElementsAre("52:54:00:00:00:01", "52:54:00:00:00:03", "", "", "52:54:00:00:00:09"));
}

TEST(Machines, ShowTheirNewestBootAndAddress) {
  MachinesOf all;
  MachineView view = all.machines.view(*all.machines.find("node1"));
  EXPECT_EQ(view.name, "node1");
  EXPECT_EQ(view.address, "10.0.0.20");
  EXPECT_EQ(view.reserved_address, "10.0.0.20");
  EXPECT_EQ(view.profile, "smartos");
  EXPECT_EQ(view.verdict, "in_progress");
  EXPECT_EQ(view.last_seen, noon - std::chrono::seconds(2));
  EXPECT_FALSE(view.sentence.empty());
}

TEST(Machines, SayThatTheyWereNeverSeen) {
  MachinesOf all;
  MachineView view = all.machines.view(*all.machines.find("node2"));
  EXPECT_EQ(view.verdict, std::nullopt);
  EXPECT_THAT(view.sentence, HasSubstr("not seen"));
  EXPECT_EQ(view.stands, "not seen yet");
}

TEST(Machines, ThatNeverBootedAreToldFromWhatWasHeard) {
  Daemon daemon;
  timeline::Event event;
  event.at = noon;
  event.machine = mac(7);
  event.kind = timeline::Kind::dhcp_request;
  daemon.timeline.record(event);
  event.kind = timeline::Kind::dhcp_dropped;
  event.name = "DHCPREQUEST";
  event.detail = "unknown_policy_ignore";
  daemon.timeline.record(event);
  Machines machines(*daemon.current, daemon.book, daemon.timeline, noon);
  MachineView view = machines.view(*machines.find("52:54:00:00:00:07"));
  EXPECT_EQ(view.stands, "not answered");
  EXPECT_EQ(view.last_seen, noon);
  EXPECT_EQ(view.verdict, std::nullopt);
  EXPECT_THAT(view.sentence, HasSubstr("[boot] unknown is \"ignore\""));
}

TEST(Machines, ThatHoldAnAddressAreNotCalledUnseen) {
  MachinesOf all;
  MachineView view = all.machines.view(*all.machines.find("10.0.0.100"));
  EXPECT_EQ(view.verdict, std::nullopt);
  EXPECT_EQ(view.stands, "holds an address");
}

TEST(Machines, StandInWordsAndNotInCodes) {
  MachinesOf all;
  EXPECT_THAT(all.machines.view(*all.machines.find("node1")).stands, ::testing::StartsWith("waiting: "));
}

}  // namespace
}  // namespace slipway::api::testing
