// SPDX-License-Identifier: MPL-2.0
#include "api/machine_desk.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const MachineList& list) {
  std::vector<std::string> all;
  for (const MachineView& machine : list.machines) all.push_back(machine.name.value_or(machine.machine));
  return all;
}

TEST(MachineDesk, TellsMachinesPageByPage) {
  Api api;
  auto page = read<MachineList>(api.get("/api/v1/machines?limit=3"));
  EXPECT_THAT(names(page), ElementsAre("board", "by-id", "node1"));
  ASSERT_TRUE(page.next);
  page = read<MachineList>(api.get("/api/v1/machines?limit=3&cursor=" + *page.next));
  EXPECT_THAT(names(page), ElementsAre("node2", "52:54:00:00:00:09"));
  EXPECT_FALSE(page.next);
}

TEST(MachineDesk, TellsTheMachinesThatAreAskedFor) {
  Api api;
  auto asked = [&](const std::string& query) {
    return names(read<MachineList>(api.get("/api/v1/machines?" + query)));
  };
  EXPECT_THAT(asked("q=ODE2"), ElementsAre("node2"));
  EXPECT_THAT(asked("q=10.0.0.20"), ElementsAre("node1"));
  EXPECT_THAT(asked("named=0"), ElementsAre("52:54:00:00:00:09"));
  EXPECT_THAT(asked("stage=offer"), ElementsAre("node1"));
  EXPECT_THAT(asked("verdict=in_progress&limit=1"), ElementsAre("node1"));
  EXPECT_THAT(asked("profile=none"), IsEmpty());
  EXPECT_THAT(asked("group=none"), IsEmpty());
  EXPECT_THAT(asked("failed=1"), IsEmpty());
}

TEST(MachineDesk, TellsWhichBootAMachineIsIn) {
  Api api;
  auto machine = read<MachineView>(api.get("/api/v1/machines/node1"));
  EXPECT_EQ(machine.boot, 1u);
  EXPECT_EQ(machine.stage, "offer");
  EXPECT_EQ(machine.arch, "BIOS (0)");
  EXPECT_TRUE(machine.boot_started);
}

TEST(MachineDesk, ShowsWhatAPacketSaysOfItsWay) {
  Api api;
  timeline::Event packet;
  packet.at = noon;
  packet.kind = timeline::Kind::dhcp_request;
  packet.machine = mac(1);
  packet.relay = *Ipv4::parse("10.0.9.1");
  packet.server = *Ipv4::parse("10.0.0.2");
  packet.waited = 12;
  api.timeline.record(packet);
  timeline::Event transfer;
  transfer.at = noon;
  transfer.kind = timeline::Kind::tftp_started;
  transfer.machine = mac(1);
  transfer.block = 1468;
  api.timeline.record(transfer);
  auto events = read<EventList>(api.get("/api/v1/events?machine=node1&since=2")).events;
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].relay, "10.0.9.1");
  EXPECT_EQ(events[0].server, "10.0.0.2");
  EXPECT_EQ(events[0].secs, 12u);
  EXPECT_FALSE(events[0].block_size);
  EXPECT_EQ(events[1].block_size, 1468u);
  EXPECT_FALSE(events[1].relay || events[1].secs);
}

TEST(MachineDesk, ShowsWhoElseAskedForAMachinesFiles) {
  Api api;
  timeline::Event asked;
  asked.at = noon;
  asked.kind = timeline::Kind::http_started;
  asked.meant = mac(1);
  asked.address = *Ipv4::parse("10.0.0.66");
  api.timeline.record(asked);
  auto told = read<Explanation>(api.get("/api/v1/machines/node1/explain?events=1"));
  ASSERT_EQ(told.events.size(), 3u);
  EXPECT_EQ(told.events[2].meant, mac(1).to_string());
  EXPECT_FALSE(told.events[2].machine);
  EXPECT_EQ(told.boots[0].stages[6].state, "waiting") << "it is no step of its boot";
}

TEST(MachineDesk, ShowsABootWithItsPackets) {
  Api api;
  auto detail = read<BootDetail>(api.get("/api/v1/boots/1"));
  EXPECT_EQ(detail.boot.machine_name, "node1");
  ASSERT_EQ(detail.events.size(), 2u);
  EXPECT_EQ(detail.events[0].kind, "dhcp_discover");
  EXPECT_EQ(problem_of(api.get("/api/v1/boots/7")).status, 404);
  EXPECT_EQ(problem_of(api.get("/api/v1/boots/x")).status, 400);
}

TEST(MachineDesk, PreviewsWhatAMachineWouldBeServedWithEverythingThatLintSays) {
  Api api;
  auto shown = read<PreviewView>(api.get("/api/v1/machines/node1/preview"));
  EXPECT_EQ(shown.loader, "ipxe");
  EXPECT_EQ(shown.arch, "BIOS (0)");
  EXPECT_THAT(shown.text, ::testing::StartsWith("#!ipxe\n"));
  EXPECT_THAT(shown.text, ::testing::HasSubstr("http://10.0.0.1/"));
  shown = read<PreviewView>(api.get("/api/v1/machines/node1/preview?arch=uefi&loader=pxelinux"));
  EXPECT_EQ(shown.loader, "pxelinux");
  ASSERT_FALSE(shown.findings.empty());
  EXPECT_EQ(shown.findings.front().severity, "error");
  boot::LoaderTraits capable{model::Arch::uefi_x64, true, {}};
  capable.features.multiboot2 = capable.features.http = capable.features.reported = true;
  api.loaders.all["ipxe.efi"] = capable;
  std::string by_capable = read<PreviewView>(api.get("/api/v1/machines/node1/preview?arch=uefi")).text;
  EXPECT_THAT(by_capable, ::testing::Not(::testing::HasSubstr(":not_bios")))
      << "as the command line has it: what this firmware is given has multiboot2";
  EXPECT_EQ(problem_of(api.get("/api/v1/machines/node1/preview?loader=lilo")).status, 400);
  EXPECT_EQ(problem_of(api.get("/api/v1/machines/node1/preview?arch=vax")).status, 400);
  EXPECT_EQ(problem_of(api.get("/api/v1/machines/nod1/preview")).status, 404);
}

TEST(MachineDesk, ListsBootsNewestFirst) {
  Api api;
  api.record(timeline::Kind::dhcp_discover, mac(3));
  auto first = read<BootList>(api.get("/api/v1/boots?limit=1"));
  ASSERT_EQ(first.boots.size(), 1u);
  EXPECT_EQ(first.boots[0].machine_name, "node2");
  auto second = read<BootList>(api.get("/api/v1/boots?limit=1&cursor=" + first.next.value()));
  EXPECT_EQ(second.boots.at(0).machine_name, "node1");
  EXPECT_FALSE(second.next);
  EXPECT_EQ(read<BootList>(api.get("/api/v1/machines/node1/boots")).boots.size(), 1u);
  EXPECT_TRUE(read<BootList>(api.get("/api/v1/boots?failed=1")).boots.empty());
  EXPECT_EQ(problem_of(api.get("/api/v1/machines/nod1/boots")).status, 404);
}

TEST(SiteDesk, TellsProfilesAndGroups) {
  Api api;
  auto profiles = read<ProfileList>(api.get("/api/v1/profiles"));
  ASSERT_EQ(profiles.profiles.size(), 1u);
  EXPECT_TRUE(profiles.profiles[0].is_default);
  EXPECT_EQ(profiles.profiles[0].boots, "smartos@20240102T000000Z");
  EXPECT_EQ(profiles.profiles[0].machines, 4u);
  EXPECT_TRUE(read<GroupList>(api.get("/api/v1/groups")).groups.empty());
}

TEST(LeaseDesk, TellsTheLeasesThatAreAskedFor) {
  Api api;
  auto count = [&](const std::string& query) {
    return read<LeaseList>(api.get("/api/v1/leases?" + query)).leases.size();
  };
  EXPECT_EQ(count("state=expired"), 1u);
  EXPECT_EQ(count("machine=node1"), 1u);
  EXPECT_EQ(count("subnet=10.0.0.0/24"), 3u);
  EXPECT_EQ(count("mac=52:54:00:00:00:09&limit=5"), 1u);
  auto page = read<LeaseList>(api.get("/api/v1/leases?limit=2"));
  EXPECT_EQ(read<LeaseList>(api.get("/api/v1/leases?limit=2&cursor=" + page.next.value())).leases.size(), 1u);
  EXPECT_EQ(read<LeaseView>(api.get("/api/v1/leases/10.0.0.20")).machine_name, "node1");
}

}  // namespace
}  // namespace slipway::api::testing
