// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/replay.h"

#include "base/random.h"
#include "rehearsal/tell.h"
#include "rehearsal/test_stage.h"

namespace slipway::rehearsal {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wire::MessageType;

std::vector<Replayed> replayed(const std::string& bytes, Place place = lab, Stage on = stage()) {
  Rehearsal rehearsal(std::move(on));
  std::vector<Replayed> all;
  auto capture = wire::read_pcap(as_bytes(bytes));
  if (!capture) return all;
  replay(rehearsal, *capture, place, [&](const Replayed& each) { all.push_back(each); });
  return all;
}

std::string golden(const std::string& name) {
  return read_source_file("tests/golden/" + name + ".pcap");
}

TEST(Replay, ShowsTheCapturedAnswerBesideOurs) {
  auto packets = replayed(golden("uefi-pxe-ipxe"));
  ASSERT_GE(packets.size(), 4u);
  EXPECT_EQ(packets[0].step.said(), MessageType::offer);
  ASSERT_EQ(packets[0].captured.size(), 1u);
  EXPECT_EQ(packets[0].captured[0].yiaddr, ip("10.77.0.100"));
  EXPECT_EQ(packets[0].step.answer()->message.yiaddr, ip("10.77.0.90"));
  EXPECT_EQ(packets[1].step.said(), MessageType::ack) << "it takes what we offered";
  EXPECT_THAT(packets[1].remarks, ElementsAre(HasSubstr("10.77.0.90 from us and not 10.77.0.100")));
}

TEST(Replay, LetsAClientTakeOurOfferThoughItNamedAnotherServer) {
  Place elsewhere = lab;
  elsewhere.local = ip("10.77.0.9");
  auto packets = replayed(golden("uefi-pxe-ipxe"), elsewhere);
  EXPECT_EQ(packets[1].step.said(), MessageType::ack);
  EXPECT_THAT(packets[1].remarks.front(), HasSubstr("this server (10.77.0.9) and not 10.77.0.1"));
}

TEST(Replay, LeavesTheAnswersOfSeveralServersApart) {
  auto packets = replayed(golden("proxy-uefi"));
  ASSERT_FALSE(packets.empty());
  EXPECT_EQ(packets[0].captured.size(), 2u);
  EXPECT_EQ(counterpart(packets[0])->yiaddr, ip("10.77.0.100")) << "ours gives an address, and so does this";
}

TEST(Replay, FindsNoDifferenceBetweenAMessageAndItself) {
  auto packets = replayed(golden("uefi-pxe-ipxe"));
  const wire::DhcpMessage& captured = packets[0].captured[0];
  EXPECT_TRUE(differences(captured, captured).empty());
  wire::DhcpMessage other = captured;
  other.file = "else";
  other.options.set<opt::HostName>("rack7");
  auto list = differences(captured, other);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].what, "file");
  EXPECT_EQ(list[1].what, "option 12 host-name");
  EXPECT_EQ(list[1].captured, "");
  EXPECT_EQ(list[1].ours, "rack7");
}

TEST(Replay, TellsItAllToAPerson) {
  Stage on = stage();
  std::string text;
  for (const char* name : {"uefi-pxe-ipxe", "dhcp-relay", "dhcp-dhcping", "proxy-uefi"}) {
    text += std::string(name) + "\n\n";
    for (const Replayed& each : replayed(golden(name), lab, on)) text += tell(each, *on.plan) + "\n";
  }
  expect_file_says("tests/golden/simulate-pcap.txt", text);
}

TEST(Replay, TakesAnyCaptureHoweverBroken) {
  SeededRandom random(3);
  std::string whole = golden("uefi-pxe-ipxe");
  auto plan = stage().plan;
  std::size_t told = 0;
  for (int round = 0; round < 300; ++round) {
    std::string broken = whole;
    for (int flips = 0; flips < 40; ++flips) {
      broken[24 + random.below(broken.size() - 24)] = static_cast<char>(random.next());
    }
    for (const Replayed& each : replayed(broken)) told += tell(each, *plan).size();
  }
  EXPECT_GT(told, 0u);
}

}  // namespace
}  // namespace slipway::rehearsal
