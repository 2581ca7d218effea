// SPDX-License-Identifier: MPL-2.0
#include "timeline/verdict.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "timeline/story.h"

namespace slipway::timeline {
namespace {

using Program = model::Stage;
using testing::HasSubstr;

void expect(const Story& story, VerdictCode code, const std::string& words) {
  Verdict verdict = story.verdict();
  EXPECT_EQ(to_string(verdict.code), to_string(code)) << verdict.sentence;
  EXPECT_THAT(verdict.sentence, HasSubstr(words));
  EXPECT_THAT(verdict.sentence, testing::Not(HasSubstr("..")));
}

}  // namespace

TEST(Verdict, HasANameOfItsOwnAndMostAreFailures) {
  std::set<std::string_view> names;
  int failures = 0;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    names.insert(to_string(static_cast<VerdictCode>(i)));
    failures += is_failure(static_cast<VerdictCode>(i));
  }
  EXPECT_EQ(names.size(), verdict_count);
  EXPECT_EQ(failures, static_cast<int>(verdict_count) - 4);
  EXPECT_FALSE(is_failure(VerdictCode::in_progress));
  EXPECT_FALSE(is_failure(VerdictCode::handed_over));
  EXPECT_FALSE(is_failure(VerdictCode::running));
  EXPECT_FALSE(is_failure(VerdictCode::sent_to_disk));
}

TEST(Verdict, HasAPhraseForTables) {
  std::set<std::string> phrases;
  Boot boot;
  for (std::size_t i = 1; i < verdict_count; ++i) {
    boot.verdict.code = static_cast<VerdictCode>(i);
    std::string phrase = standing(boot);
    EXPECT_EQ(phrase.find('_'), std::string::npos) << phrase;
    EXPECT_TRUE(!phrase.empty() && phrase.size() < 30) << phrase;
    phrases.insert(phrase);
  }
  EXPECT_EQ(phrases.size(), verdict_count - 1);
  EXPECT_TRUE(phrases.contains("archive cut"));
}

TEST(Verdict, SaysInAFewWordsHowFarAMachineIs) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  EXPECT_EQ(standing(story.told()), "waiting: asked");
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  EXPECT_EQ(standing(story.told()), "waiting: offered");
  story.dhcp(Kind::dhcp_request, Program::pxe_rom);
  story.dhcp(Kind::dhcp_ack, Program::pxe_rom);
  EXPECT_EQ(standing(story.told()), "waiting: has its address");
  story.file(Kind::tftp_started, "undionly.kpxe", 0, 70'000);
  EXPECT_EQ(standing(story.told()), "loading: loader");
}

TEST(Verdict, SaysAtEveryStepOfAGoodBootWhatComesNext) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  expect(story, VerdictCode::in_progress, "about to be answered");
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  expect(story, VerdictCode::in_progress, "was offered 10.99.99.210");
  story.dhcp(Kind::dhcp_request, Program::pxe_rom);
  expect(story, VerdictCode::in_progress, "the lease is being written");
  story.dhcp(Kind::dhcp_ack, Program::pxe_rom);
  expect(story, VerdictCode::in_progress, "should now fetch undionly.kpxe");
  story.file(Kind::tftp_started, "undionly.kpxe", 0, 70'000);
  story.wait(3s);
  expect(story, VerdictCode::in_progress, "has been loading undionly.kpxe for 3.0 s");
  story.file(Kind::tftp_finished, "undionly.kpxe", 70'000, 70'000);
  expect(story, VerdictCode::in_progress, "should now start and ask for an address");
  story.dhcp(Kind::dhcp_discover, Program::ipxe);
  expect(story, VerdictCode::in_progress, "iPXE runs on it");
  story.dhcp(Kind::dhcp_ack, Program::ipxe);
  expect(story, VerdictCode::in_progress, "should now fetch its script");
  story.fetch_script();
  expect(story, VerdictCode::in_progress, "shows its menu or is about to load");
  story.fetch_kernel();
  expect(story, VerdictCode::in_progress, "the boot archive should follow");
  story.start_archive();
  expect(story, VerdictCode::in_progress,
         "has been loading /os/20240102T030405Z/platform/i86pc/amd64/boot_archive");
  story.wait(3100ms);
  story.file(Kind::http_finished, story.archive, Story::archive_size, Story::archive_size);
  expect(story, VerdictCode::handed_over, "358.4 MB at 115.6 MB/s");
  story.wait(20s);
  story.dhcp(Kind::dhcp_discover, Program::operating_system);
  expect(story, VerdictCode::running, "It runs");
}

TEST(Verdict, OfAnOfferThatWasNeverTakenNamesTheOtherServer) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(11s);
  expect(story, VerdictCode::offer_not_taken, "another DHCP server");
}

TEST(Verdict, OfADroppedPacketGivesTheReasonAndTheRemedy) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, "pool_exhausted");
  expect(story, VerdictCode::no_offer, "every address of the range is taken");
  expect(story, VerdictCode::no_offer, "(pool_exhausted)");
  story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, "some_new_reason: because");
  expect(story, VerdictCode::no_offer, "some_new_reason: because");
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  expect(story, VerdictCode::in_progress, "was offered");
  story.dhcp(Kind::dhcp_request, Program::pxe_rom);
  story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, "not_for_us: 10.99.99.1");
  expect(story, VerdictCode::no_answer, "it chose another DHCP server");
}

TEST(Verdict, OfANakLastsUntilTheNextAnswer) {
  Story story;
  story.dhcp(Kind::dhcp_request, Program::pxe_rom);
  story.dhcp(Kind::dhcp_nak, Program::pxe_rom, "10.0.0.7 is not in this network");
  expect(story, VerdictCode::nak, "10.0.0.7 is not in this network");
  story.exchange(Program::pxe_rom);
  expect(story, VerdictCode::in_progress, "should now fetch");
}

TEST(Verdict, OfADeclineNamesTheContestedAddress) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.dhcp(Kind::dhcp_decline, Program::pxe_rom);
  expect(story, VerdictCode::address_conflict, "arping 10.99.99.210");
}

TEST(Verdict, OfALoaderNeverAskedForPointsAtTftp) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.wait(21s);
  expect(story, VerdictCode::loader_not_asked, "never asked for undionly.kpxe");
}

TEST(Verdict, OfALoaderRefusedGivesTheReasonTheMachineWasTold) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.file(Kind::tftp_refused, "undionly.kpxe", 0, 0, "install package ipxe");
  expect(story, VerdictCode::loader_refused, "undionly.kpxe in vain: install package ipxe.");
  EXPECT_EQ(story.told().stage(StageName::loader).detail, "undionly.kpxe: install package ipxe");
}

TEST(Verdict, OfALoaderCutTellsHowFarItCame) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.file(Kind::tftp_started, "undionly.kpxe", 0, 70'000);
  story.file(Kind::tftp_failed, "undionly.kpxe", 14'000, 70'000, "timed_out");
  expect(story, VerdictCode::loader_cut, "after 14.0 kB of 70.0 kB: timed out");
}

TEST(Verdict, OfASilentLoaderNamesTheFirmwareAndTheMissingFile) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.file(Kind::tftp_finished, "pxelinux.0", 42'000, 42'000);
  story.file(Kind::tftp_refused, "ldlinux.c32", 0, 0, "no file ldlinux.c32");
  story.wait(61s);
  expect(story, VerdictCode::loader_silent, "does not run on this firmware (BIOS (0))");
  expect(story, VerdictCode::loader_silent, "Not delivered: ldlinux.c32: no file ldlinux.c32.");
}

TEST(Verdict, OfALoaderThatLoadsItselfIsALoop) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.fetch_loader();
  story.exchange(Program::pxe_rom);
  story.fetch_loader();
  expect(story, VerdictCode::loader_loop, "fetched undionly.kpxe 2 times");
  EXPECT_EQ(story.timeline.boots(story.machine, story.now).size(), 1u);
}

TEST(Verdict, CountsWhatWasSentInOneGo) {
  Story story;
  story.exchange(Program::http_rom);
  for (int i = 0; i < 2; ++i) {
    Event loader;
    loader.kind = Kind::http_finished;
    loader.address = story.address;
    loader.name = "/snponly.efi";
    loader.bytes = loader.total = 100'000;
    loader.at_once = true;
    story.record(std::move(loader));
  }
  expect(story, VerdictCode::loader_loop, "fetched /snponly.efi 2 times");
}

TEST(Verdict, OfIpxeThatNeverFetchesItsScriptPointsAtHttp) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.fetch_loader();
  story.exchange(Program::ipxe);
  story.wait(31s);
  expect(story, VerdictCode::script_not_asked, "TCP port 80");
  Story firmware;
  firmware.exchange(Program::ipxe);
  firmware.wait(31s);
  expect(firmware, VerdictCode::script_not_asked, "TCP port 80");
}

TEST(Verdict, OfARefusalRepeatsTheCauseOnTheConsole) {
  Story story;
  story.exchange(Program::ipxe);
  story.file(Kind::http_started, "/boot/0c-c4-7a-ab-cd-ef.ipxe");
  story.script(Kind::refusal_script_served, "no image smartos@latest is here; import one.");
  story.file(Kind::http_finished, "/boot/0c-c4-7a-ab-cd-ef.ipxe", 700, 700);
  expect(story, VerdictCode::script_refused, "no image smartos@latest is here; import one.");
  story.wait(10s);
  story.fetch_script();  // it retries, and the operator has imported one
  expect(story, VerdictCode::in_progress, "boot script");
}

TEST(Verdict, OfAMissingScriptNamesIt) {
  Story story;
  story.exchange(Program::ipxe);
  story.file(Kind::http_started, "/boot.ipxe");
  story.file(Kind::http_refused, "/boot.ipxe", 0, 0, "404 Not Found");
  expect(story, VerdictCode::script_refused, "/boot.ipxe: 404 Not Found");
}

TEST(Verdict, OfAMachineSentToItsDiskIsNoFailure) {
  Story story;
  story.exchange(Program::ipxe);
  story.script(Kind::local_script_served, "local disk");
  story.wait(300s);
  expect(story, VerdictCode::sent_to_disk, "local disk");
}

TEST(Verdict, OfAScriptWithNothingAfterSendsToTheConsole) {
  Story story;
  story.reach_script();
  story.wait(60s);
  expect(story, VerdictCode::in_progress, "menu");
  story.wait(61s);
  expect(story, VerdictCode::script_silent, "Look at its console");
}

TEST(Verdict, OfAKernelWithoutItsArchiveNamesTheUsualCause) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.file(Kind::http_refused, story.archive + ".hash", 0, 0, "404 Not Found");
  story.wait(31s);
  expect(story, VerdictCode::kernel_silent, "Exec format error");
  expect(story, VerdictCode::kernel_silent, "boot_archive.hash: 404 Not Found.");
}

TEST(Verdict, OfAKernelRefusedOrCutSaysWhy) {
  Story story;
  story.reach_script();
  story.file(Kind::http_started, story.kernel);
  story.file(Kind::http_refused, story.kernel, 0, 0, "404 Not Found");
  expect(story, VerdictCode::kernel_refused, "unix in vain: 404 Not Found.");
  story.file(Kind::http_started, story.kernel, 0, Story::kernel_size);
  story.file(Kind::http_failed, story.kernel, 500'000, Story::kernel_size, "client_gone");
  expect(story, VerdictCode::kernel_cut, "after 500.0 kB of 2.0 MB: client gone");
}

TEST(Verdict, OfAnArchiveCutTellsHowFarItCameAndHeals) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.start_archive();
  story.wait(1s);
  story.file(Kind::http_failed, story.archive, 100'000'000, Story::archive_size, "client_gone");
  expect(story, VerdictCode::archive_cut, "after 100.0 MB of 358.4 MB: client gone");
  story.fetch_archive();
  expect(story, VerdictCode::handed_over, "delivered in full");
}

TEST(Verdict, OfAnArchiveGivenUpIsSaidUntilItIsWhole) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.start_archive();
  story.wait(2s);
  Event again;
  again.kind = Kind::script_served;
  again.machine = story.machine;
  again.address = story.address;
  story.record(std::move(again));
  expect(story, VerdictCode::in_progress, "loading");  // a request alone may be forged
  story.fetch_script();
  expect(story, VerdictCode::archive_cut, "it asked for its script again");
  story.start_archive();
  story.wait(5s);
  expect(story, VerdictCode::archive_cut, "it asked for its script again");
  story.fetch_archive();
  expect(story, VerdictCode::handed_over, "delivered in full");
}
TEST(Verdict, OfAnArchiveRefusedSaysWhy) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.file(Kind::http_refused, story.archive, 0, 0, "404 Not Found");
  expect(story, VerdictCode::archive_refused, "in vain: 404 Not Found.");
}

TEST(Verdict, OfABootThatTheMachineBrokeOffSaysSo) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.start_archive();
  story.wait(2s);
  story.exchange(Program::pxe_rom);
  auto boots = story.timeline.boots(story.machine, story.now);
  ASSERT_EQ(boots.size(), 2u);
  EXPECT_EQ(boots[1].verdict.code, VerdictCode::archive_cut);
  EXPECT_THAT(boots[1].verdict.sentence, HasSubstr("the machine started anew"));
}

TEST(Verdict, DoesNotWaitForEverForAnEndNobodyReports) {
  Story story;
  story.reach_script();
  story.fetch_kernel();
  story.start_archive();
  story.wait(9min);
  expect(story, VerdictCode::in_progress, "has been loading");
  story.wait(2min);
  expect(story, VerdictCode::archive_cut, "its end was not seen");
}

TEST(Verdict, BesideAnotherServerDoesNotMissWhatThatOneSays) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  Event offer = story.dhcp(Kind::proxy_offer, Program::pxe_rom);
  story.dhcp(Kind::dhcp_request, Program::pxe_rom);
  story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, "proxy_gives_no_address");
  expect(story, VerdictCode::in_progress, "should");
  story.fetch_loader();
  story.dhcp(Kind::dhcp_discover, Program::ipxe);
  story.dhcp(Kind::proxy_offer, Program::ipxe);
  story.dhcp(Kind::dhcp_dropped, Program::ipxe, "not_for_us");
  expect(story, VerdictCode::in_progress, "should now fetch its script");
  story.fetch_script();
  story.fetch_kernel();
  story.fetch_archive();
  expect(story, VerdictCode::handed_over, "");
  EXPECT_EQ(story.told().stage(StageName::ack).state, StageState::skipped);
}

TEST(Verdict, CallsALoaderThatIsNoIpxeByItsName) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.fetch_loader();
  story.dhcp(Kind::dhcp_request, Program::grub);
  expect(story, VerdictCode::in_progress, "GRUB runs on it");
  EXPECT_EQ(standing(story.told()), "loading: GRUB");
  story.dhcp(Kind::dhcp_ack, Program::grub);
  expect(story, VerdictCode::in_progress, "GRUB was given");
  EXPECT_EQ(standing(story.told()), "waiting: in GRUB");
  story.wait(40s);
  expect(story, VerdictCode::script_not_asked, "GRUB has the address");
  EXPECT_THAT(story.verdict().sentence, testing::Not(HasSubstr("iPXE")));
}

TEST(Verdict, OfADroppedBootpRequestSpeaksOfBootp) {
  Story story;
  story.dhcp(Kind::bootp_request, Program::unknown);
  Event drop;
  drop.kind = Kind::dhcp_dropped;
  drop.machine = story.machine;
  drop.name = "BOOTP request";
  drop.detail = "bootp_not_allowed";
  story.record(drop);
  expect(story, VerdictCode::no_offer, "Its BOOTP request was not answered: it speaks BOOTP");
  expect(story, VerdictCode::no_offer, "bootp = true");
}

TEST(Verdict, TakesNoBrokenPacketForARunningSystem) {
  Story story;
  story.boot();
  Event drop;
  drop.kind = Kind::dhcp_dropped;
  drop.machine = story.machine;
  drop.detail = "option_past_end";
  story.record(drop);
  expect(story, VerdictCode::handed_over, "delivered in full");
}

}  // namespace slipway::timeline
