// SPDX-License-Identifier: MPL-2.0
#include "server/dhcp_events.h"

#include <gtest/gtest.h>

#include "timeline/remedy.h"

namespace slipway::server {

using timeline::Kind;

TEST(DhcpEvents, CallNothingBootpThatHasAMessageType) {
  dhcp::Trace trace;
  trace.bootp = true;
  EXPECT_EQ(event_of_request(trace).kind, Kind::bootp_request);
  trace.bootp = false;  // option 53 is 99
  EXPECT_EQ(event_of_request(trace).kind, Kind::dhcp_unknown);
  trace.asked = wire::MessageType::offer;  // no client's
  EXPECT_EQ(event_of_request(trace).kind, Kind::dhcp_unknown);
  trace.asked = wire::MessageType::request;
  EXPECT_EQ(event_of_request(trace).kind, Kind::dhcp_request);
}

TEST(DhcpEvents, TellTheLinkOfTheMachine) {
  dhcp::Trace trace;
  trace.link = 7;
  EXPECT_EQ(event_of_request(trace).link, 7u);
  EXPECT_EQ(event_of_answer({}, trace).link, 7u);
}

TEST(DhcpEvents, OfADropNameThePacket) {
  dhcp::Trace trace;
  trace.client.mac = {{2, 0, 0, 0, 0, 1}};
  trace.asked = wire::MessageType::inform;
  auto event = event_of_drop({dhcp::Drop::no_pool, "why"}, trace);
  EXPECT_EQ(event.machine, trace.client.mac);
  EXPECT_EQ(event.name, "DHCPINFORM");
  EXPECT_EQ(event.detail, "no_pool: why");
}

TEST(DhcpEvents, OfBrokenBytesGoToTheirSender) {
  MacAddress mac{{2, 0, 0, 0, 0, 1}};
  auto event = event_of_unheard({dhcp::Drop::option_past_end, ""}, mac);
  EXPECT_EQ(event.machine, mac);
  EXPECT_EQ(event.name, "");
  EXPECT_FALSE(event_of_unheard({dhcp::Drop::too_short, ""}, std::nullopt).machine);
}

TEST(DhcpEvents, OfAnAnswerNameTheOptionsThatDidNotFit) {
  dhcp::Trace trace;
  trace.boot_file = "undionly.kpxe";
  dhcp::Answer answer;
  answer.message.options.set<wire::opt::MessageType>(wire::MessageType::ack);
  EXPECT_EQ(event_of_answer(answer, trace).detail, "undionly.kpxe");
  const std::uint8_t codes[] = {119, 230};
  auto event = event_of_answer(answer, trace, codes);
  EXPECT_EQ(event.detail, "these options did not fit: domain-search (119), option 230");
  EXPECT_EQ(event.name, "undionly.kpxe");
}

TEST(DhcpEvents, HaveWordsForEveryDrop) {
  for (dhcp::Drop why : dhcp::all_drops())
    EXPECT_TRUE(timeline::has_remedy(dhcp::to_string(why))) << dhcp::to_string(why);
}

}  // namespace slipway::server
