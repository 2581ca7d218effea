// SPDX-License-Identifier: MPL-2.0
#include "dhcp/yielding.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

Arrival with(Company company) {
  Arrival arrival = broadcast_on();
  arrival.company = company;
  arrival.rival = "10.0.0.9 (02:00:00:00:00:09)";
  return arrival;
}
const Arrival beside = with(Company::beside), looking = with(Company::looking);

TEST(Yielding, OffersNothingBesideAnotherServerAndNamesIt) {
  Rig rig;
  Settled dropped = rig.send(discover(), beside);
  EXPECT_THAT(dropped, Drops(Drop::foreign_server));
  EXPECT_EQ(std::get<Ignore>(dropped).detail, beside.rival);
  EXPECT_EQ(rig.book.offers(), 0u);
}

TEST(Yielding, WaitsWhileItIsNotKnownWhoElseIsThere) {
  Rig rig;
  EXPECT_THAT(rig.send(discover(), looking), Drops(Drop::looking_for_servers));
}

TEST(Yielding, RenewsTheLeasesThatItGaveBefore) {
  for (const Arrival& company : {beside, looking}) {
    Rig rig;
    rig.lease_to(1, "10.0.0.101");
    EXPECT_THAT(rig.send(renewing("10.0.0.101"), company), Acks("10.0.0.101"));
    EXPECT_THAT(rig.send(init_reboot("10.0.0.101"), company), Acks("10.0.0.101"));
  }
}

TEST(Yielding, TakesUpNoLeaseAndRefusesNone) {
  Rig rig;
  rig.lease_to(2, "10.0.0.102");
  for (const DhcpMessage& message : {renewing("10.0.0.101"), init_reboot("10.0.0.101"),
                                     init_reboot("192.168.5.5"), selecting("10.0.0.101")}) {
    EXPECT_THAT(rig.send(message, beside), Drops(Drop::foreign_server)) << "the other one may have given it";
  }
  EXPECT_THAT(rig.send(init_reboot("10.0.0.101", 2), beside), Drops(Drop::foreign_server));
}

TEST(Yielding, LeavesAloneWhatGivesNoAddress) {
  Rig rig;
  rig.lease_to(1, "10.0.0.101");
  DhcpMessage inform = packet(MessageType::inform, 3);
  inform.ciaddr = ip("10.0.0.50");
  EXPECT_TRUE(std::holds_alternative<Answer>(rig.send(inform, beside)));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(rig.send(release("10.0.0.101"), beside)));
  DhcpMessage chose_the_other = selecting("10.0.0.150");
  chose_the_other.options.set<opt::ServerId>(ip("10.0.0.9"));
  EXPECT_THAT(rig.send(chose_the_other, beside), Drops(Drop::not_for_us));
}

TEST(Yielding, TakesNoNoticeWhereTheSubnetSaysSo) {
  model::Draft draft = site();
  draft.subnets[0].other_servers = model::OtherServers::ignore;
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(), beside), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(discover(2), looking), Offers("10.0.0.101"));
}

TEST(Yielding, KnowsNothingOfOtherServersBehindARelay) {
  Rig rig;
  Arrival relayed_in = unicast_from("10.0.0.1");
  relayed_in.company = Company::beside;
  EXPECT_THAT(rig.send(relayed(discover(), "10.0.0.1"), relayed_in), Offers("10.0.0.100"));
}

}  // namespace
}  // namespace slipway::dhcp
