// SPDX-License-Identifier: MPL-2.0
#include "timeline/timeline.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "timeline/story.h"

namespace slipway::timeline {

TEST(Timeline, TellsAWholeBootStageByStage) {
  Story story;
  story.boot();
  Boot boot = story.told();
  ASSERT_EQ(boot.stages.size(), stage_count);
  for (const Stage& stage : boot.stages) EXPECT_EQ(stage.state, StageState::done) << to_string(stage.name);
  EXPECT_EQ(boot.address, story.address);
  EXPECT_EQ(boot.arch, model::Arch::bios);
  EXPECT_EQ(boot.stage(StageName::offer).detail, "10.99.99.210");
  EXPECT_EQ(boot.stage(StageName::loader).detail, "undionly.kpxe");
  EXPECT_EQ(boot.stage(StageName::script).detail, "smartos");
  EXPECT_EQ(boot.stage(StageName::script).bytes, 900u);
  const Stage& archive = boot.stage(StageName::archive);
  EXPECT_EQ(archive.bytes, Story::archive_size);
  EXPECT_EQ(archive.took, Duration{3100ms});
  EXPECT_EQ(archive.rate, Story::archive_size * 10 / 31);
  EXPECT_EQ(boot.verdict.code, VerdictCode::handed_over);
  EXPECT_EQ(story.timeline.boots(story.machine, story.now).size(), 1u);
}

TEST(Timeline, ShowsWhatDidNotFitAnAnswer) {
  Story story;
  story.dhcp(Kind::dhcp_discover, model::Stage::pxe_rom);
  story.dhcp(Kind::dhcp_offer, model::Stage::pxe_rom, "these options did not fit: domain-search (119)");
  EXPECT_EQ(story.told().stage(StageName::offer).detail,
            "10.99.99.210; these options did not fit: domain-search (119)");
  story.dhcp(Kind::dhcp_ack, model::Stage::pxe_rom, "undionly.kpxe");
  EXPECT_EQ(story.told().stage(StageName::ack).detail, "10.99.99.210");
}

TEST(Timeline, KnowsATransferByTheAddressAnAckGave) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  Event known = story.file(Kind::tftp_started, "undionly.kpxe");
  EXPECT_EQ(known.machine, story.machine);
  EXPECT_EQ(known.boot, story.told().id);
  EXPECT_EQ(known.role, Role::loader);
  story.address = *Ipv4::parse("10.99.99.211");
  EXPECT_FALSE(story.file(Kind::tftp_started, "undionly.kpxe").machine);
}

TEST(Timeline, TakesTheAddressThatAMachineAsksAnotherServerFor) {
  Story story;
  story.dhcp(Kind::dhcp_discover, model::Stage::pxe_rom);
  Event offer;
  offer.kind = Kind::proxy_offer;
  offer.machine = story.machine;
  offer.stage = model::Stage::pxe_rom;
  story.record(offer);
  EXPECT_TRUE(story.told().address.is_any());
  story.dhcp(Kind::dhcp_request, model::Stage::pxe_rom);
  story.fetch_loader();
  EXPECT_EQ(story.told().address, story.address);
  EXPECT_EQ(story.told().stage(StageName::loader).state, StageState::done);
}

TEST(Timeline, FollowsAnAddressToItsNewHolder) {
  Story first, second("0c:c4:7a:00:00:02");
  first.exchange(model::Stage::pxe_rom);
  Event ack;
  ack.kind = Kind::dhcp_ack;
  ack.machine = second.machine;
  ack.address = first.address;
  first.timeline.record(ack);
  EXPECT_EQ(first.timeline.machine_at(first.address), second.machine);
}

TEST(Timeline, LearnsAddressesOfAnotherServersClientsFromTheirScripts) {
  Story story;
  story.script();
  EXPECT_EQ(story.file(Kind::http_started, story.kernel).machine, story.machine);
}

TEST(Timeline, RemembersWhatAMachineIsCalledAsLongAsTheMachine) {
  Story story;
  Timeline timeline(Limits{.machines = 1});
  timeline.call(story.machine, "node1");
  EXPECT_EQ(timeline.name_of(story.machine), "node1");
  ASSERT_EQ(timeline.called().size(), 1u);
  timeline.call(*MacAddress::parse("0c:c4:7a:00:00:02"), "node2");
  EXPECT_EQ(timeline.name_of(story.machine), "");
  EXPECT_EQ(timeline.called().front().name, "node2");
}

TEST(Timeline, TakesNoHostForAMachineBecauseItAsksForRouters) {
  Story story;
  auto ask = [&] {
    Event event;
    event.kind = Kind::router_solicited;
    event.machine = story.machine;
    return story.timeline.record(event);
  };
  EXPECT_FALSE(ask().machine);
  EXPECT_EQ(ask().name, story.machine.to_string());
  EXPECT_TRUE(story.timeline.machines().empty());
  story.exchange(model::Stage::pxe_rom);
  EXPECT_EQ(ask().machine, story.machine);
}

namespace {

/// Somebody asks for the files of this machine from an address that is not its.
Event stranger(const Story& story, Kind kind, std::string name) {
  Event event;
  event.kind = kind;
  event.name = std::move(name);
  event.meant = story.machine;
  event.address = *Ipv4::parse("10.99.99.9");
  return event;
}

}  // namespace

TEST(Timeline, TakesWhatAStrangerAsksForForNoStepOfTheMachine) {
  Story story;
  story.boot();
  story.wait(1s);
  const Boot before = story.told();
  EXPECT_EQ(story.record(stranger(story, Kind::script_served, "")).boot, 0u);
  Event asked = story.record(stranger(story, Kind::http_started, "/boot/0c-c4-7a-ab-cd-ef.ipxe"));
  EXPECT_FALSE(asked.machine);
  EXPECT_EQ(asked.boot, 0u);
  EXPECT_EQ(story.record(stranger(story, Kind::http_refused, "/boot/0c-c4-7a-ab-cd-ef.ipxe")).boot, 0u);
  EXPECT_EQ(story.told().verdict.code, before.verdict.code);
  EXPECT_EQ(story.told().last, before.last);
  EXPECT_FALSE(story.timeline.machine_at(asked.address)) << "to ask proves nothing";
}

TEST(Timeline, TakesWhatAMachineAsksForInAnothersPlaceForNoStepOfEither) {
  Story story, other("0c:c4:7a:00:00:02");
  story.exchange(model::Stage::pxe_rom);
  Event event = stranger(other, Kind::http_started, "/boot/0c-c4-7a-00-00-02.ipxe");
  event.address = story.address;
  EXPECT_FALSE(story.record(event).machine);
  EXPECT_EQ(story.told().stage(StageName::script).state, StageState::waiting);
  EXPECT_EQ(story.timeline.machines().size(), 1u);
}

TEST(Timeline, TellsWhoElseAskedForAMachinesFiles) {
  Story story;
  for (int i = 0; i < 20; ++i)
    story.record(stranger(story, Kind::http_started, "/boot/" + std::to_string(i)));
  auto strangers = story.timeline.strangers(story.machine);
  ASSERT_EQ(strangers.size(), 8u);
  EXPECT_EQ(strangers.back().name, "/boot/19");
  EXPECT_TRUE(story.timeline.events(story.machine).empty());
  EXPECT_EQ(describe(strangers.back()),
            "HTTP begins /boot/19; asked for by 10.99.99.9, which is not the address of 0c:c4:7a:ab:cd:ef");
}

TEST(Timeline, CountsRetransmissionsWithinOneBoot) {
  Story story;
  for (auto pause : {4s, 8s, 16s, 32s}) {
    story.dhcp(Kind::dhcp_discover, model::Stage::pxe_rom);
    story.wait(pause);
  }
  Boot boot = story.told();
  EXPECT_EQ(story.timeline.boots(story.machine, story.now).size(), 1u);
  EXPECT_EQ(boot.stage(StageName::discover).count, 4u);
  EXPECT_EQ(boot.stage(StageName::discover).took, Duration{28s});
}

TEST(Timeline, CountsWhatIsAskedForOnceAsOnce) {
  Story story;
  story.boot();
  for (const Stage& stage : story.told().stages) EXPECT_EQ(stage.count, 1u) << to_string(stage.name);
}

TEST(Timeline, CountsEachTimeAMachineIsToldWhyItDoesNotBoot) {
  Story story;
  story.exchange(model::Stage::ipxe);
  for (Kind told : {Kind::refusal_script_served, Kind::refusal_script_served, Kind::script_served}) {
    story.wait(2s);
    story.script(told);  // made first, then sent
    story.file(Kind::http_started, "/boot/0c-c4-7a-ab-cd-ef.ipxe");
    story.file(Kind::http_finished, "/boot/0c-c4-7a-ab-cd-ef.ipxe", 900, 900);
  }
  EXPECT_EQ(story.told().stage(StageName::script).count, 3u);
  EXPECT_EQ(story.told().stage(StageName::script).rate, 0u);
}

TEST(Timeline, OpensTheNextBootWhenTheMachineBeginsAnew) {
  Story story;
  story.boot();
  story.wait(5s);  // at once: it came past its loader before
  story.exchange(model::Stage::pxe_rom);
  auto boots = story.timeline.boots(story.machine, story.now);
  ASSERT_EQ(boots.size(), 2u);
  EXPECT_EQ(boots[0].id, 2u);
  EXPECT_EQ(boots[0].verdict.code, VerdictCode::in_progress);
  EXPECT_EQ(boots[1].verdict.code, VerdictCode::came_back);
}

TEST(Timeline, NumbersBootsFromWhereItIsTold) {
  Story story;
  story.timeline = Timeline({}, 1'764'268'000'123'456);
  story.exchange(model::Stage::pxe_rom);
  EXPECT_EQ(story.told().id, 1'764'268'000'123'457u);
  EXPECT_EQ(story.timeline.machine_of_boot(1'764'268'000'123'457), story.machine);
}

TEST(Timeline, OpensTheNextBootAfterAQuietTime) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  story.wait(61s);
  story.dhcp(Kind::dhcp_discover, model::Stage::pxe_rom);
  auto boots = story.timeline.boots(story.machine, story.now);
  ASSERT_EQ(boots.size(), 2u);
  EXPECT_EQ(boots[1].verdict.code, VerdictCode::loader_not_asked);
}

TEST(Timeline, SkipsTheLoaderOfFirmwareThatIsIpxe) {
  Story story;
  story.exchange(model::Stage::ipxe);
  story.fetch_script();
  Boot boot = story.told();
  EXPECT_EQ(boot.stage(StageName::loader).state, StageState::skipped);
  EXPECT_EQ(boot.stage(StageName::ipxe).state, StageState::skipped);
  EXPECT_EQ(boot.stage(StageName::loader).detail, "the firmware is iPXE");
  EXPECT_EQ(boot.stage(StageName::script).state, StageState::done);
  story.wait(5s);
  story.exchange(model::Stage::ipxe);  // it was reset
  EXPECT_EQ(story.timeline.boots(story.machine, story.now).size(), 2u);
}

TEST(Timeline, SkipsIpxeWhereAnotherLoaderReadsItsOwnScript) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  story.file(Kind::tftp_finished, "pxelinux.0", 42'000, 42'000);
  story.file(Kind::tftp_refused, "pxelinux.cfg/01-0c-c4-7a-ab-cd-ef", 0, 0, "no configuration");
  story.file(Kind::tftp_finished, "pxelinux.cfg/default", 400, 400);
  Boot boot = story.told();
  EXPECT_EQ(boot.stage(StageName::ipxe).state, StageState::skipped);
  EXPECT_EQ(boot.stage(StageName::script).state, StageState::done);
}

TEST(Timeline, TakesAProbeForTheSizeForNoFailure) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  story.file(Kind::tftp_started, "ipxe.efi", 0, 900'000);
  story.file(Kind::tftp_probed, "ipxe.efi", 0, 900'000);  // OVMF: OACK answered with ERROR 8
  EXPECT_EQ(story.told().stage(StageName::loader).state, StageState::waiting);
  EXPECT_EQ(story.verdict().code, VerdictCode::in_progress);
  story.file(Kind::http_started, "/ipxe.efi");
  story.file(Kind::http_finished, "/ipxe.efi", 0, 900'000, "HEAD");
  EXPECT_EQ(story.told().stage(StageName::loader).state, StageState::waiting);
  story.file(Kind::tftp_finished, "ipxe.efi", 900'000, 900'000);
  EXPECT_EQ(story.told().stage(StageName::loader).state, StageState::done);
  EXPECT_EQ(story.told().stage(StageName::loader).bytes, 900'000u);
}

TEST(Timeline, CountsRangesAndRepetitionsOnce) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.fetch_kernel();
  EXPECT_EQ(story.told().stage(StageName::kernel).bytes, Story::kernel_size);
  story.start_archive();
  story.wait(1s);
  constexpr std::uint64_t half = Story::archive_size / 2;
  story.file(Kind::http_finished, story.archive, half, Story::archive_size);
  story.file(Kind::http_finished, story.archive, half, Story::archive_size);
  EXPECT_EQ(story.told().stage(StageName::archive).state, StageState::running);
  EXPECT_EQ(story.told().stage(StageName::archive).bytes, half);
  story.wait(1s);
  story.file(Kind::http_finished, story.archive, half, Story::archive_size, "", half);
  EXPECT_EQ(story.told().stage(StageName::archive).state, StageState::done);
  EXPECT_EQ(story.told().stage(StageName::archive).took, Duration{2s});
}

TEST(Timeline, LeavesTheDailyDhcpOfAnOperatingSystemOutOfItsBoots) {
  Story story;
  EXPECT_EQ(story.dhcp(Kind::dhcp_request, model::Stage::operating_system).boot, 0u);
  EXPECT_FALSE(story.timeline.explain(story.machine, story.now));
  story.boot();
  EXPECT_NE(story.dhcp(Kind::dhcp_request, model::Stage::operating_system).boot, 0u);
  EXPECT_EQ(story.verdict().code, VerdictCode::running);
  EXPECT_EQ(story.dhcp(Kind::dhcp_ack, model::Stage::operating_system).boot, 0u);
}

TEST(Timeline, TellsABootWhoseBeginningItMissed) {
  Story story;
  story.script();  // Slipway was restarted in the middle
  story.file(Kind::http_finished, "/boot/0c-c4-7a-ab-cd-ef.ipxe", 900, 900);
  story.fetch_kernel();
  Boot boot = story.told();
  EXPECT_EQ(boot.stage(StageName::discover).state, StageState::skipped);
  EXPECT_EQ(boot.stage(StageName::kernel).state, StageState::done);
}

TEST(Timeline, ShowsTheNewestEventsToWhoeverFollows) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  auto all = story.timeline.recent();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].sequence, 1u);
  EXPECT_EQ(story.timeline.recent(2).size(), 2u);
  EXPECT_EQ(story.timeline.recent(0, 1)[0].kind, Kind::dhcp_ack);
  EXPECT_TRUE(story.timeline.recent(story.timeline.last_sequence()).empty());
  EXPECT_EQ(story.timeline.events(story.machine).size(), 4u);
}

class FullTimeline : public testing::Test {
 protected:
  static Event event(Kind kind, std::uint8_t number, model::Stage stage = model::Stage::pxe_rom) {
    Event event;
    event.kind = kind;
    event.stage = stage;
    event.machine = mac(number);
    event.address = Ipv4{0x0a000000u + number};
    return event;
  }
  static MacAddress mac(std::uint8_t number) { return {{2, 0, 0, 0, 0, number}}; }
  void boot(std::uint8_t number) {
    timeline.record(event(Kind::dhcp_discover, number));
    timeline.record(event(Kind::dhcp_ack, number));
  }

  Timeline timeline{{.machines = 2, .boots_per_machine = 1, .events_per_machine = 3, .recent_events = 4}};
};

TEST_F(FullTimeline, ForgetsTheLeastRecentlyActiveMachine) {
  for (int number : {1, 2, 1, 3, 3}) boot(static_cast<std::uint8_t>(number));
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(3), mac(1)}));
  EXPECT_FALSE(timeline.machine_at({0x0a000002}));
  EXPECT_TRUE(timeline.events(mac(2)).empty());
  EXPECT_EQ(timeline.machine_at({0x0a000001}), mac(1));
}

TEST_F(FullTimeline, ForgetsNoMachineForWhatIsAskedForUnderMadeUpNames) {
  boot(1);
  boot(2);
  for (std::uint8_t made_up = 10; made_up < 20; ++made_up) {
    for (Kind kind : {Kind::script_served, Kind::http_started, Kind::http_finished, Kind::http_refused}) {
      Event asked = event(kind, made_up);
      asked.name = "/boot/02-00-00-00-00-10.ipxe";
      asked.meant = std::exchange(asked.machine, std::nullopt);
      timeline.record(asked);
    }
  }
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(2), mac(1)}));
  EXPECT_EQ(timeline.machine_at({0x0a000001}), mac(1));
}

TEST_F(FullTimeline, ForgetsNoMachineThatTheFileNamesForOthersThatBoot) {
  timeline.prefer([](const MacAddress& machine) { return machine == mac(1); });
  boot(1);
  for (std::uint8_t made_up = 10; made_up < 30; ++made_up) boot(made_up);
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(29), mac(1)}));
  EXPECT_EQ(timeline.machine_at({0x0a000001}), mac(1));
  timeline.prefer(
      [](const MacAddress& machine) { return machine == mac(1) || machine == mac(29) || machine == mac(7); });
  boot(29);
  boot(40);
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(29), mac(1)})) << "all are named";
  boot(7);
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(7), mac(29)}));
  timeline.call(mac(40), "node40");
  EXPECT_EQ(timeline.name_of(mac(40)), "node40");
  EXPECT_EQ(timeline.machines().size(), 2u);
}

TEST_F(FullTimeline, ForgetsNoMachineForWhatIsNoBoot) {
  boot(1);
  boot(2);
  for (int times = 0; times < 3; ++times) {
    timeline.record(event(Kind::dhcp_release, 9, model::Stage::unknown));
    timeline.record(event(Kind::dhcp_ack, 8, model::Stage::operating_system));
  }
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(2), mac(1)}));
  EXPECT_EQ(timeline.events(mac(9)).size(), 2u) << "those that are recent";
  timeline.call(mac(9), "node9");
  EXPECT_EQ(timeline.name_of(mac(9)), "node9") << "who has a name has a place";
  EXPECT_EQ(timeline.machines(), (std::vector<MacAddress>{mac(9), mac(2)}));
}

TEST(Timeline, KeepsThePacketsOfABootWhenItsSystemRenewsForMonths) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  std::size_t of_the_boot = story.timeline.events(story.machine).size();
  for (int day = 0; day < 200; ++day) {
    story.now += std::chrono::hours{24};
    story.exchange(model::Stage::operating_system);
  }
  auto kept = story.timeline.events(story.machine);
  auto loose = std::count_if(kept.begin(), kept.end(), [](const Event& event) { return event.boot == 0; });
  EXPECT_EQ(loose, 8);
  EXPECT_GE(kept.size() - 8, of_the_boot);
  EXPECT_EQ(kept.front().kind, Kind::dhcp_discover);
  EXPECT_EQ(kept.back().sequence, story.timeline.last_sequence());
}

TEST(Timeline, CutsTheTextOfStrangers) {
  Story story;
  story.exchange(model::Stage::pxe_rom);
  EXPECT_LE(story.file(Kind::tftp_refused, std::string(10'000, 'x')).name.size(), 512u);
}

TEST(Timeline, StaysWithinItsLimitsWhateverComes) {
  const Limits limits{.machines = 8, .boots_per_machine = 3, .events_per_machine = 10, .recent_events = 20};
  Timeline timeline(limits);
  SeededRandom random(42);
  const std::string names[] = {"undionly.kpxe",   "/boot/02-00-00-00-00-03.ipxe", "/x/unix",
                               "/x/boot_archive", "pxelinux.cfg/default",         "",
                               "autoexec.ipxe",   "/x/boot_archive.hash"};
  Instant now{};
  for (int i = 0; i < 50'000; ++i) {
    // Mostly forwards; wall clocks jump.
    now += std::chrono::milliseconds{static_cast<std::int64_t>(random.below(20'000)) - 1'000};
    Event event;
    event.at = now;
    event.kind = static_cast<Kind>(random.below(static_cast<std::uint64_t>(Kind::note) + 1));
    event.stage = static_cast<model::Stage>(random.below(7));
    if (random.below(2) == 0)
      event.machine = MacAddress{{2, 0, 0, 0, 0, static_cast<std::uint8_t>(random.below(12))}};
    if (random.below(4) != 0) event.address = Ipv4{static_cast<std::uint32_t>(0x0a000000 + random.below(30))};
    event.name = names[random.below(std::size(names))];
    event.detail = random.below(2) == 0 ? "pool_exhausted" : "{curly} \x1b";
    event.total = random.below(2) == 0 ? 0 : 1000;
    event.bytes = random.below(3) == 0 ? random.next() : random.below(1001);
    event.offset = random.below(5) == 0 ? random.next() : 0;
    event.took = Duration{static_cast<std::int64_t>(random.below(1'000'000))};
    const Event& recorded = timeline.record(event);
    ASSERT_EQ(recorded.sequence, static_cast<std::uint64_t>(i) + 1);
    if (i % 50 != 0) continue;
    ASSERT_LE(timeline.machines().size(), limits.machines);
    ASSERT_LE(timeline.recent().size(), limits.recent_events);
    for (const MacAddress& machine : timeline.machines()) {
      ASSERT_LE(timeline.events(machine).size(), limits.events_per_machine);
      auto boots = timeline.boots(machine, now);
      ASSERT_LE(boots.size(), limits.boots_per_machine);
      for (const Boot& boot : boots) {
        ASSERT_EQ(boot.stages.size(), stage_count);
        ASSERT_FALSE(boot.verdict.sentence.empty());
        ASSERT_EQ(boot.verdict.sentence.find('\x1b'), std::string::npos);
      }
    }
  }
}

}  // namespace slipway::timeline
