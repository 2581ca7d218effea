// SPDX-License-Identifier: MPL-2.0
#include "api/unknown_address.h"

#include <gmock/gmock.h>

#include "api/test_world.h"

namespace slipway::api::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Fault asked(Daemon& daemon, std::string_view address) {
  return unknown_address(*Ipv4::parse(address), *daemon.current, daemon.timeline, noon);
}

TEST(UnknownAddress, OfAServedSubnetIsExplainedAsSetByHand) {
  Daemon daemon;
  Fault outside = asked(daemon, "10.0.0.77");
  EXPECT_EQ(outside.what, "no machine holds 10.0.0.77 and none was seen with it");
  EXPECT_THAT(outside.remedy, HasSubstr("set by hand does not ask, and has no story: reserve it"));
  EXPECT_THAT(outside.remedy, HasSubstr("address = \"10.0.0.77\" in a [[machine]]"));
  EXPECT_THAT(outside.remedy, Not(HasSubstr("given to another machine")));
  EXPECT_THAT(asked(daemon, "10.0.0.101").remedy, HasSubstr("may be given to another machine"));
}

TEST(UnknownAddress, OfTheNetworkItselfIsNoMachines) {
  Daemon daemon;
  for (const char* whole : {"10.0.0.0", "10.0.0.255"})
    EXPECT_THAT(asked(daemon, whole).remedy, HasSubstr("it is no machine's")) << whole;
}

TEST(UnknownAddress, OfNoSubnetIsNoneOfOurs) {
  Daemon daemon;
  EXPECT_THAT(asked(daemon, "192.0.2.1").remedy, HasSubstr("in no [[subnet]] of this server"));
}

TEST(UnknownAddress, TellsWhatWasAskedForFromThere) {
  Daemon daemon;
  timeline::Event event;
  event.kind = timeline::Kind::tftp_refused;
  event.at = noon - std::chrono::seconds(3);
  event.address = *Ipv4::parse("10.0.0.77");
  event.name = "undionly.kpxe";
  daemon.timeline.record(event);
  EXPECT_THAT(asked(daemon, "10.0.0.77").what, HasSubstr("; 3.0 s ago, for it or from there: "));
  EXPECT_THAT(asked(daemon, "10.0.0.77").what, HasSubstr("undionly.kpxe"));
}

}  // namespace
}  // namespace slipway::api::testing
