// SPDX-License-Identifier: MPL-2.0
#include "timeline/heard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "timeline/story.h"

namespace slipway::timeline {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Program = model::Stage;

/// A machine that never says that it boots.
struct Host : Story {
  void asks(Kind kind) { dhcp(kind, Program::unknown); }
  void dropped(std::string what, std::string why) {
    Event event;
    event.kind = Kind::dhcp_dropped;
    event.machine = machine;
    event.name = std::move(what);
    event.detail = std::move(why);
    record(event);
  }
  Heard heard() const {
    EXPECT_TRUE(timeline.boots(machine, now).empty());
    return heard_of(timeline.events(machine), now).value_or(Heard{});
  }
};

}  // namespace

TEST(Heard, IsNothingWithoutEvents) {
  EXPECT_FALSE(heard_of({}, Instant{}));
}

TEST(Heard, GivesTheReasonOfADropAndItsRemedy) {
  Host host;
  host.asks(Kind::dhcp_request);
  host.dropped("DHCPREQUEST", "unknown_policy_ignore");
  host.wait(3s);
  EXPECT_THAT(host.heard().sentence, AllOf(HasSubstr("Its DHCPREQUEST 3.0 s ago was not answered: "),
                                           HasSubstr("add a [[machine]]"), HasSubstr("No boot of it")));
  EXPECT_EQ(host.heard().stands, "not answered");
  host.asks(Kind::dhcp_inform);
  host.dropped("DHCPINFORM", "address_not_ours: 10.1.1.1");
  EXPECT_THAT(host.heard().sentence, AllOf(HasSubstr("Its DHCPINFORM"), HasSubstr("in no range of ours")));
}

TEST(Heard, OfABrokenPacketSaysWhatIsBroken) {
  Host host;
  host.dropped("", "option_past_end: from 0.0.0.0:68");
  EXPECT_THAT(host.heard().sentence, AllOf(HasSubstr("Its DHCP packet"), HasSubstr("runs past the end")));
}

TEST(Heard, TellsOfARefusalAndOfAnOffer) {
  Host host;
  host.asks(Kind::dhcp_request);
  host.dhcp(Kind::dhcp_nak, Program::unknown, "another client has the address");
  EXPECT_THAT(host.heard().sentence, AllOf(HasSubstr("It asked for 10.99.99.210"),
                                           HasSubstr("(DHCPNAK): another client has the address.")));
  host.asks(Kind::dhcp_discover);
  host.dhcp(Kind::dhcp_offer, Program::unknown);
  EXPECT_EQ(host.heard().stands, "waiting: offered");
  EXPECT_TRUE(host.heard().address.is_any());
  host.wait(11s);
  EXPECT_EQ(host.heard().stands, "offer not taken");
  EXPECT_THAT(host.heard().sentence, HasSubstr("It was offered 10.99.99.210 11.0 s ago and never asked"));
}

TEST(Heard, TellsTheAddressItWasGiven) {
  Host host;
  host.asks(Kind::dhcp_request);
  host.dhcp(Kind::dhcp_ack, Program::unknown);
  Event router;
  router.kind = Kind::router_solicited;
  router.machine = host.machine;
  host.record(router);
  EXPECT_EQ(host.heard().address, host.address);
  EXPECT_EQ(host.heard().stands, "has its address");
}

TEST(Heard, OfAClientThatDoesNotNameItselfSaysSo) {
  Host host;
  host.dhcp(Kind::dhcp_discover, Program::unknown, "option 53 alone; it may be GRUB");
  host.dhcp(Kind::dhcp_offer, Program::unknown, "these options did not fit: domain-search (119)");
  EXPECT_THAT(host.heard().sentence,
              AllOf(HasSubstr("It did not name itself (option 53 alone; it may be GRUB)."),
                    HasSubstr("Of the answer these options did not fit: domain-search")));
}

TEST(Heard, OfAQuestionWithoutAnAnswerWaitsAMoment) {
  Host host;
  host.asks(Kind::dhcp_discover);
  EXPECT_EQ(host.heard().stands, "waiting: asked");
  host.wait(6s);
  EXPECT_EQ(host.heard().stands, "not answered");
}

}  // namespace slipway::timeline
