// SPDX-License-Identifier: MPL-2.0
// Who a client is and where it belongs: reservations, subnets, relays, client identifiers.
#include "dhcp/responder.h"
#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

// -- Reservations -----------------------------------------------------------------------------------

TEST(Responder, KeepsAReservedAddressForItsMachine) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.101")};
  draft.machines = {machine("node1", 1, ip("10.0.0.100"))};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.101"));
  EXPECT_THAT(rig.send(selecting("10.0.0.100", 2)), Naks());
  rig.lease_to(2, "10.0.0.101");
  EXPECT_THAT(rig.send(discover(3)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.100"));
}

TEST(Responder, MovesAMachineToItsNewReservationAndFreesItsOldLease) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  Rig rig(draft);
  rig.lease_to(1, "10.0.0.100");
  draft.machines = {machine("node1", 1, ip("10.0.0.20"))};
  rig.publish(draft);
  EXPECT_THAT(rig.send(renewing("10.0.0.100")), Naks());
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.20"));
  rig.lease_to(1, "10.0.0.20");
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
}

TEST(Responder, GivesAMachineAnotherAddressWhileItsNewReservationIsLeased) {
  Rig rig;
  rig.lease_to(1, "10.0.0.100");
  model::Draft draft = site();
  draft.machines = {machine("node2", 2, ip("10.0.0.100"))};
  rig.publish(draft);
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.101"));
  EXPECT_THAT(rig.send(selecting("10.0.0.100", 2)), Naks());
  EXPECT_THAT(rig.send(renewing("10.0.0.100", 1)), Naks());
}

// -- Which subnet -----------------------------------------------------------------------------------

TEST(Responder, TellsByWhatItKnewTheSubnet) {
  Rig rig;
  EXPECT_EQ(rig.handle(discover(1)).trace.placed_by, "the interface");
  EXPECT_EQ(rig.handle(relayed(discover(1), "10.0.0.1")).trace.placed_by, "the relay's address (giaddr)");
  EXPECT_EQ(rig.handle(renewing("10.0.0.100"), unicast_from("10.0.0.100")).trace.placed_by,
            "the client's address (ciaddr)");
  DhcpMessage wishing = discover(1);
  wishing.options.set<opt::SubnetSelection>(ip("10.0.0.0"));
  EXPECT_EQ(rig.handle(wishing).trace.placed_by, "the client's subnet selection (option 118)");
}

model::Draft two_subnets(std::string shared_network = {}) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  model::Subnet second = subnet("10.1.0.0/16", {pool("10.1.0.100", "10.1.0.110")});
  second.routers = {ip("10.1.0.1")};
  draft.subnets.push_back(second);
  for (model::Subnet& net : draft.subnets) net.shared_network = shared_network;
  return draft;
}

TEST(Responder, StaysInTheFirstSubnetOfAnInterfaceWhereNoNetworkIsShared) {
  Rig rig(two_subnets());
  rig.lease_to(1, "10.0.0.100");
  EXPECT_THAT(rig.send(discover(2)), Drops(Drop::pool_exhausted));
}

TEST(Responder, GoesOnToTheNextMemberOfASharedNetworkAndTakesItsOptions) {
  Rig rig(two_subnets("rack"));
  rig.lease_to(1, "10.0.0.100");
  Settled settled = rig.send(discover(2));
  EXPECT_THAT(settled, Offers("10.1.0.100"));
  EXPECT_EQ(said(settled).options.get<opt::SubnetMask>(), ip("255.255.0.0"));
  EXPECT_THAT(said(settled).options.get<opt::Routers>(),
              testing::Optional(testing::ElementsAre(ip("10.1.0.1"))));
}

TEST(Responder, TakesTheFirstSubnetOfAnInterfaceThatIsForTheClientsClass) {
  model::Draft draft = two_subnets();
  model::BootClass phones;
  phones.name = "phones";
  phones.when.emplace().vendor_class = {"Phone*"};
  draft.classes = {phones};
  draft.subnets[0].pools[0].only_class = "phones";
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover()), Offers("10.1.0.100"));
}

TEST(Responder, FindsTheSubnetOfAnInterfaceThatHoldsTheMachinesReservation) {
  model::Draft draft = two_subnets();
  draft.machines = {machine("node1", 1, ip("10.1.0.7"))};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(1)), Offers("10.1.0.7"));
}

TEST(Responder, AnswersOnNoOtherInterface) {
  Rig rig;
  EXPECT_THAT(rig.send(discover(), broadcast_on("eth2")), Drops(Drop::no_subnet));
}

TEST(Responder, IsSilentInASubnetThatIsOff) {
  model::Draft draft = site();
  draft.subnets[0].mode = model::SubnetMode::off;
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover()), Drops(Drop::subnet_off));
}

// -- Relays -----------------------------------------------------------------------------------------

model::Draft behind_relays() {
  model::Draft draft = site();
  model::Subnet far = subnet("10.9.0.0/24", {pool("10.9.0.100", "10.9.0.110")});
  far.interface = "eth2";
  far.relays = {ip("172.16.0.1")};
  draft.subnets.push_back(far);
  return draft;
}

TEST(Responder, ChoosesTheSubnetByTheRelaysAddress) {
  Rig rig(behind_relays());
  Settled settled = rig.send(relayed(discover(), "10.9.0.1"));
  EXPECT_THAT(settled, Offers("10.9.0.100"));
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(ToRelay{ip("10.9.0.1")}));
  EXPECT_THAT(rig.send(relayed(discover(), "172.16.0.1")), Offers("10.9.0.100"));
}

TEST(Responder, ChoosesTheSubnetByTheLinkARelayNames) {
  Rig rig(behind_relays());
  DhcpMessage message = relayed(discover(), "192.0.2.1");
  message.options.set_raw(82, {5, 4, 10, 9, 0, 0});
  Settled settled = rig.send(message);
  EXPECT_THAT(settled, Offers("10.9.0.100"));
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(ToRelay{ip("192.0.2.1")}));
}

TEST(Responder, TakesARequestForTheServerIdItsRelayAskedItToUse) {
  Rig rig(behind_relays());
  DhcpMessage message = relayed(selecting("10.9.0.100"), "10.9.0.1");
  message.options.set_raw(82, {11, 4, 10, 9, 0, 1});
  message.options.set<opt::ServerId>(ip("10.9.0.1"));
  Settled settled = rig.send(message);
  EXPECT_THAT(settled, Acks("10.9.0.100"));
  EXPECT_EQ(said(settled).options.get<opt::ServerId>(), ip("10.9.0.1"));
}

TEST(Responder, NaksAClientThatChoseUsThroughARelayOfNoSubnet) {
  Rig rig;
  Settled settled = rig.send(relayed(selecting("10.0.0.100"), "192.0.2.1"));
  EXPECT_THAT(settled, Naks());
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(ToRelay{ip("192.0.2.1")}));
  EXPECT_THAT(rig.send(relayed(discover(), "192.0.2.1")), Drops(Drop::no_subnet));
  EXPECT_THAT(rig.send(relayed(init_reboot("10.0.0.100"), "192.0.2.1")), Drops(Drop::no_subnet));
}

TEST(Responder, SetsTheBroadcastBitOfANakThatARelayHandsOn) {
  Rig rig(behind_relays());
  EXPECT_TRUE(said(rig.send(relayed(selecting("192.168.7.7"), "10.9.0.1"))).wants_broadcast());
  EXPECT_FALSE(said(rig.send(selecting("192.168.7.7"))).wants_broadcast());
}

// -- Who is the client ------------------------------------------------------------------------------

model::Draft by_client_id() {
  model::Draft draft = site();
  draft.subnets[0].identify = model::Identify::client_id;
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  return draft;
}

DhcpMessage with_id(DhcpMessage message, std::uint8_t id) {
  message.options.set<opt::ClientId>({0xff, id});
  return message;
}

TEST(Responder, TakesOneMachineForOneClientWhateverItCallsItself) {
  Rig rig;
  EXPECT_THAT(rig.send(with_id(selecting("10.0.0.101"), 1)), Acks("10.0.0.101"));
  EXPECT_THAT(rig.send(with_id(discover(), 2)), Offers("10.0.0.101"));
  EXPECT_THAT(rig.send(discover()), Offers("10.0.0.101"));
}

TEST(Responder, TakesOneMacWithTwoClientIdsForTwoClientsWhereTheSubnetSaysSo) {
  Rig rig(by_client_id());
  EXPECT_THAT(rig.send(with_id(selecting("10.0.0.100"), 1)), Acks("10.0.0.100"));
  EXPECT_THAT(rig.send(with_id(discover(), 2)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(rig.send(with_id(release("10.0.0.100"), 2)), Drops(Drop::nothing_to_release));
}

TEST(Responder, TakesTwoMacsWithOneClientIdForOneClientWhereTheSubnetSaysSo) {
  Rig rig(by_client_id());
  rig.send(with_id(selecting("10.0.0.100", 1), 1));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(rig.send(with_id(release("10.0.0.100", 2), 1))));
}

TEST(Responder, KnowsAClientWithoutAMacByItsClientId) {
  Rig rig;
  DhcpMessage message = with_id(discover(), 1);
  message.set_mac(MacAddress{});
  EXPECT_THAT(rig.send(message), Offers("10.0.0.100"));
  message.options.remove(opt::ClientId::code);
  EXPECT_THAT(rig.send(message), Drops(Drop::bad_mac));
}

}  // namespace
}  // namespace slipway::dhcp
