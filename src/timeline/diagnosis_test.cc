// SPDX-License-Identifier: MPL-2.0
#include "timeline/diagnosis.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/quantity.h"
#include "base/test_golden.h"
#include "timeline/story.h"

namespace slipway::timeline {
namespace {

using Program = model::Stage;
using testing::HasSubstr;

std::string id(Cause cause) {
  return std::string(info(cause).id);
}

/// The likeliest cause of what the story told so far.
std::string cause_in(const Story& story) {
  Boot boot = story.told();
  return boot.diagnoses.empty() ? "" : boot.diagnoses.front().id;
}

std::string evidence_in(const Story& story) {
  std::string text;
  Boot boot = story.told();
  for (const Evidence& evidence : boot.diagnoses.at(0).evidence)
    text += fmt::format("{} x{}\n", evidence.text, evidence.count);
  return text;
}

std::string words(std::span<const Clue> clues) {
  std::vector<std::string_view> list;
  for (Clue clue : clues) list.push_back(to_string(clue));
  return fmt::format("{}", fmt::join(list, "; "));
}

std::string name_of(StageName stage) {
  return stage == StageName::ipxe ? "second exchange (iPXE)" : std::string(to_string(stage));
}

std::string cause_page() {
  std::string page =
      "# Why a node does not boot\n\n"
      "<!-- Made from src/timeline/diagnosis.cc by timeline_test; UPDATE_GOLDEN=1 writes it anew. -->\n\n"
      "`slipway explain` names the likeliest cause by one of these ids, with the packets and transfers it "
      "rests "
      "on and what to do.\nThe ids stand in `explain --json` and in the API (`diagnoses`) and stay as they "
      "are. Words in braces are filled in.\n\n| id | how it looks | likely cause | rests on | what to do "
      "|\n|---|---|---|---|---|\n";
  for (const CauseInfo& row : all_causes())
    page += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.id, row.shows, row.likely, words(row.clues),
                        row.remedy);
  page +=
      "\nWhat the reason of a packet that was not answered means: [drops](reference/drops.md).\n\n"
      "## How long is waited\n\nFor each stage from the end of the one before it. A transfer that has begun "
      "and "
      "whose end nobody saw is given up after " +
      human_duration(transfer_patience) +
      "; after the last file `up-within` of the profile counts. Who was up for " +
      human_duration(proof_of_life) +
      " and boots again was restarted by somebody: that is no loop.\n\n| after | at most | then "
      "|\n|---|---|---|\n";
  for (const Deadline& row : deadlines())
    page += fmt::format("| {} | {} | `{}` |\n", name_of(row.after), human_duration(row.patience),
                        to_string(row.then));
  return page;
}

}  // namespace

TEST(Diagnosis, HasAnIdAndWordsForEveryCause) {
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < cause_count; ++i) {
    const CauseInfo& row = info(static_cast<Cause>(i));
    EXPECT_EQ(row.cause, static_cast<Cause>(i)) << row.id;
    EXPECT_EQ(row.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), row.id.npos) << row.id;
    EXPECT_FALSE(row.shows.empty() || row.likely.empty() || row.remedy.empty() || row.clues.empty())
        << row.id;
    EXPECT_FALSE(row.remedy.ends_with('.')) << row.id;
    ids.insert(row.id);
  }
  EXPECT_EQ(ids.size(), cause_count);
}

TEST(Diagnosis, IsThePageInTheManual) {
  expect_file_says("docs/diagnoses.md", cause_page());
}

TEST(Diagnosis, IsNoneWhileAllIsWell) {
  Story story;
  story.boot();
  EXPECT_EQ(cause_in(story), "");
  story.dhcp(Kind::dhcp_discover, Program::operating_system);
  EXPECT_EQ(cause_in(story), "");
}

TEST(Diagnosis, CountsThePacketsItRestsOn) {
  Story story;
  for (int i = 0; i < 3; ++i) {
    story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
    story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
    story.wait(4s);
  }
  story.wait(7s);
  EXPECT_EQ(cause_in(story), id(Cause::offered_not_requested));
  EXPECT_THAT(evidence_in(story), HasSubstr("DHCPDISCOVER x3\n"));
  EXPECT_THAT(evidence_in(story), HasSubstr("DHCPOFFER of 10.99.99.210 x3\n"));
  auto evidence = story.told().diagnoses.at(0).evidence.at(0);
  ASSERT_TRUE(evidence.first && evidence.last);
  EXPECT_EQ(*evidence.last - *evidence.first, 8s);
}

TEST(Diagnosis, OfAnOfferNamesTheRelayItWentBy) {
  Story story;
  story.relay = *Ipv4::parse("10.5.0.1");
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(11s);
  EXPECT_EQ(cause_in(story), id(Cause::offered_by_relay));
  EXPECT_THAT(story.verdict().sentence, HasSubstr("the relay 10.5.0.1 does not carry our offers"));
}

TEST(Diagnosis, OfAnOfferSeesAPortThatWasBlocked) {
  Story story;
  story.waited = 28;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.waited = 60;
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(11s);
  EXPECT_EQ(cause_in(story), id(Cause::offered_late));
  EXPECT_THAT(story.verdict().sentence, HasSubstr("carried nothing for its first 28 s"));
}

TEST(Diagnosis, DoesNotBelieveGrubThatItWaitedForMoreThanAnHour) {
  Story story;
  story.waited = 4796;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(11s);
  EXPECT_EQ(cause_in(story), id(Cause::offered_not_requested));
}

TEST(Diagnosis, OfAnOfferNamesTheServerThatIsHeard) {
  Story story;
  Event heard;
  heard.kind = Kind::foreign_server;
  heard.server = *Ipv4::parse("10.99.99.7");
  heard.link = story.link;
  story.record(heard);
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(11s);
  EXPECT_EQ(cause_in(story), id(Cause::offered_other_server));
  EXPECT_THAT(story.verdict().sentence, HasSubstr("another DHCP server (10.99.99.7)"));
  heard.kind = Kind::foreign_server_gone;
  story.record(heard);
  EXPECT_EQ(cause_in(story), id(Cause::offered_not_requested));
}

TEST(Diagnosis, BlamesNoServerThatIsFirstHeardLongAfterTheBoot) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(90s);
  Event heard;
  heard.kind = Kind::foreign_server;
  heard.server = *Ipv4::parse("10.99.99.7");
  heard.link = story.link;
  heard.at = story.now;
  story.record(heard);
  EXPECT_EQ(cause_in(story), id(Cause::offered_not_requested));
}

TEST(Diagnosis, BlamesNoServerOnAnotherLink) {
  auto told = [](std::uint32_t link, Ipv4 relay) {
    Story story;
    Event heard;
    heard.kind = Kind::foreign_server;
    heard.server = *Ipv4::parse("10.99.99.7");
    heard.link = 3;
    story.record(heard);
    story.link = link;
    story.relay = relay;
    story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
    story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
    story.wait(11s);
    return cause_in(story);
  };
  EXPECT_EQ(told(3, {}), id(Cause::offered_other_server));
  EXPECT_EQ(told(2, {}), id(Cause::offered_not_requested));
  EXPECT_EQ(told(0, *Ipv4::parse("10.0.5.1")), id(Cause::offered_by_relay));
}

TEST(Diagnosis, AServerIsGoneFromItsOwnLinkAlone) {
  Story story;
  Event heard;
  heard.kind = Kind::foreign_server;
  heard.server = *Ipv4::parse("10.99.99.7");
  for (std::uint32_t link : {2u, 3u}) {
    heard.link = link;
    story.record(heard);
  }
  heard.kind = Kind::foreign_server_gone;
  story.record(heard);
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.wait(11s);
  EXPECT_EQ(cause_in(story), id(Cause::offered_other_server));
}

TEST(Diagnosis, OfADropFollowsItsReason) {
  for (auto [drop, cause] : {std::pair{"unknown_policy_ignore", Cause::unknown_machine},
                             std::pair{"foreign_server", Cause::foreign_server},
                             std::pair{"pool_exhausted", Cause::pool_exhausted},
                             std::pair{"no_boot_file: no loader for x", Cause::no_boot_file},
                             std::pair{"store_failed", Cause::packet_ignored}}) {
    Story story;
    story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
    story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, drop);
    story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, drop);
    EXPECT_EQ(cause_in(story), id(cause)) << drop;
    EXPECT_THAT(evidence_in(story), HasSubstr(fmt::format("not answered: {} x2", drop)));
  }
}

TEST(Diagnosis, OfARequestForAnotherServerNamesIt) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  story.dhcp(Kind::dhcp_offer, Program::pxe_rom);
  story.dhcp(Kind::dhcp_request, Program::pxe_rom);
  story.server = *Ipv4::parse("10.99.99.7");
  story.dhcp(Kind::dhcp_dropped, Program::pxe_rom, "not_for_us");
  EXPECT_EQ(cause_in(story), id(Cause::offered_other_server));
  EXPECT_THAT(evidence_in(story), HasSubstr("for the server 10.99.99.7"));
}

TEST(Diagnosis, OfALoaderThatBreaksOffTellsTheFirewallFromTheMtu) {
  for (bool unheard : {true, false}) {
    Story story;
    story.exchange(Program::pxe_rom);
    Event failed = story.file(Kind::tftp_started, "undionly.kpxe", 0, 70'000);
    failed.kind = Kind::tftp_failed;
    failed.block = 1468;
    failed.unheard = unheard;
    failed.detail = "the client fell silent";
    story.wait(30s);
    story.record(failed);
    EXPECT_EQ(cause_in(story), id(unheard ? Cause::loader_unheard : Cause::loader_block_lost));
    EXPECT_THAT(evidence_in(story), HasSubstr("blocks of 1468 bytes, 0 B acknowledged"));
    failed.bytes = 1468;
    failed.unheard = false;
    story.record(failed);
    EXPECT_EQ(cause_in(story), id(Cause::loader_cut));
  }
}

TEST(Diagnosis, OfASilentLoaderKnowsThatItIsForOtherMachines) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.file(Kind::tftp_finished, "ipxe.efi", 1'000'000, 1'000'000);
  story.wait(61s);
  EXPECT_EQ(cause_in(story), id(Cause::loader_wrong_architecture));
  EXPECT_THAT(story.verdict().sentence, HasSubstr("ipxe.efi is not for its firmware, which is BIOS (0)"));
}

TEST(Diagnosis, OfARefusalFollowsWhy) {
  for (auto [told, cause] :
       {std::pair{"arguments (request 1a-2): two of a name; write one", Cause::refused_by_lint},
        std::pair{"no-image (request 1a-2): none is here; import one", Cause::refused_no_image},
        std::pair{"uefi (request 1a-2): this iPXE cannot; use BIOS", Cause::refused_machine},
        std::pair{"something new", Cause::script_refused}}) {
    Story story;
    story.exchange(Program::ipxe);
    story.script(Kind::refusal_script_served, told);
    EXPECT_EQ(cause_in(story), id(cause));
    EXPECT_THAT(evidence_in(story), HasSubstr(told));
  }
}

TEST(Diagnosis, OfAModuleThatIsMissingNamesItThoughKernelAndArchiveCame) {
  Story story;
  story.boot();
  story.file(Kind::http_refused, story.archive + ".hash", 0, 0, "no such file");
  EXPECT_EQ(to_string(story.verdict().code), "module_refused");
  EXPECT_EQ(cause_in(story), id(Cause::module_missing));
  story.file(Kind::http_finished, story.archive + ".hash", 41, 41);
  EXPECT_EQ(to_string(story.verdict().code), "handed_over");
}

TEST(Diagnosis, OfWhatIsForAMachineAloneIsThatItsAddressIsNotKnown) {
  Story with_module;
  with_module.boot();
  with_module.file(Kind::http_refused, with_module.archive + ".hash", 0, 0,
                   "boot modules of it are for that machine alone, and 10.0.0.9 is not known as its address");
  Story with_script;
  with_script.exchange(Program::ipxe);
  with_script.file(Kind::http_refused, "/boot/0c-c4-7a-ab-cd-ef.ipxe", 0, 0,
                   "the script of it holds credentials, and 10.0.0.9 is not known as its address");
  for (const Story* story : {&with_module, &with_script}) {
    EXPECT_EQ(cause_in(*story), id(Cause::withheld));
    EXPECT_THAT(evidence_in(*story), HasSubstr("10.0.0.9"));
  }
  EXPECT_THAT(with_module.verdict().sentence, HasSubstr("Reserve that address"));
}

TEST(Diagnosis, OfASilentKernelKnowsUefi) {
  Story story;
  story.arch = model::Arch::uefi_x64;
  story.reach_script();
  story.fetch_kernel();
  story.wait(31s);
  EXPECT_EQ(cause_in(story), id(Cause::kernel_no_multiboot));
}

TEST(Diagnosis, OfAnArchiveTellsWhoEndedIt) {
  for (auto [why, cause] :
       {std::pair{"client_gone", Cause::archive_given_up}, std::pair{"timed_out", Cause::archive_stalled},
        std::pair{"failed", Cause::archive_unreadable}, std::pair{"stopped", Cause::archive_cut}}) {
    Story story;
    story.reach_script();
    story.fetch_kernel();
    story.file(Kind::http_failed, story.archive, 1'000'000, Story::archive_size, why);
    EXPECT_EQ(cause_in(story), id(cause)) << why;
    EXPECT_THAT(evidence_in(story), HasSubstr("1.0 MB of 358.4 MB"));
  }
}

TEST(Diagnosis, OfAMachineLeftToItsDiskIsThePolicy) {
  Story story;
  story.dhcp(Kind::dhcp_discover, Program::pxe_rom);
  Event ack = story.dhcp(Kind::dhcp_release, Program::pxe_rom);
  ack.kind = Kind::dhcp_ack;
  ack.own_disk = true;
  story.record(ack);
  EXPECT_EQ(to_string(story.verdict().code), "sent_to_disk");
  EXPECT_EQ(cause_in(story), id(Cause::unknown_machine));
}

TEST(Diagnosis, SaysThatTwoProgramsGotTwoAddresses) {
  Story story;
  story.exchange(Program::pxe_rom);
  story.fetch_loader();
  story.address = *Ipv4::parse("10.99.99.211");
  story.exchange(Program::ipxe);
  EXPECT_EQ(to_string(story.verdict().code), "in_progress");
  EXPECT_EQ(cause_in(story), id(Cause::identity_changed));
  EXPECT_THAT(evidence_in(story), HasSubstr("10.99.99.211 was given to iPXE"));
}

}  // namespace slipway::timeline
