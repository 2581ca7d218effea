// SPDX-License-Identifier: MPL-2.0
// Which machine is this, and what is kept for it: by MAC, UUID, client id or the port of its relay.
#include "dhcp/responder.h"
#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

const Uuid board = Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef").value();
const Bytes circuit_option{1, 5, 'p', 'o', 'r', 't', '3'};

DhcpMessage from_board(DhcpMessage message) {
  message.options.set_raw(opt::ClientUuid::code, wire::encode_client_uuid(board));
  return message;
}
DhcpMessage from_port(DhcpMessage message) {
  message.options.set_raw(opt::RelayAgent::code, circuit_option);
  return relayed(std::move(message), "10.0.0.9");
}

model::Draft reserving(model::Machine machine) {
  model::Draft draft = site();
  machine.name = "node1";
  machine.macs.clear();
  machine.address = ip("10.0.0.20");
  draft.machines = {std::move(machine)};
  return draft;
}
model::Draft for_port() {
  model::Machine machine;
  machine.relay_circuit = {'p', 'o', 'r', 't', '3'};
  return reserving(machine);
}

TEST(Reservation, IsFoundByUuid) {
  model::Machine machine;
  machine.uuid = board;
  Rig rig(reserving(machine));
  EXPECT_THAT(rig.send(from_board(discover(1))), Offers("10.0.0.20"));
  EXPECT_THAT(rig.send(from_board(selecting("10.0.0.20", 1))), Acks("10.0.0.20"));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(selecting("10.0.0.20", 2)), Naks());
}

TEST(Reservation, TellsTheNameOfAMachineThatItsMacAddressDoesNotTell) {
  model::Machine machine;
  machine.uuid = board;
  Rig rig(reserving(machine));
  EXPECT_EQ(rig.handle(from_board(discover(1))).trace.machine, "node1");
  EXPECT_EQ(rig.handle(discover(2)).trace.machine, "");
  Rig port(for_port());
  EXPECT_EQ(port.handle(from_port(discover(1))).trace.machine, "node1");
  model::Draft draft = reserving(machine);
  draft.machines[0].macs = {mac(1)};
  Rig by_mac(draft);
  EXPECT_EQ(by_mac.handle(from_board(discover(1))).trace.machine, "");
}

TEST(Reservation, OfABoardWithTwoCardsIsForTheFirstThatComes) {
  model::Machine machine;
  machine.uuid = board;
  Rig rig(reserving(machine));
  rig.send(from_board(selecting("10.0.0.20", 1)));
  EXPECT_THAT(rig.send(from_board(discover(2))), Offers("10.0.0.100"));
}

TEST(Reservation, IsFoundByClientIdHoweverTheLeaseIsHeld) {
  model::Machine machine;
  machine.client_id = {0xff, 7};
  for (auto identify : {model::Identify::mac, model::Identify::client_id}) {
    model::Draft draft = reserving(machine);
    draft.subnets[0].identify = identify;
    Rig rig(draft);
    DhcpMessage message = discover();
    message.options.set<opt::ClientId>({0xff, 7});
    EXPECT_THAT(rig.send(message), Offers("10.0.0.20"));
    EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100")) << "it does not say who it is";
  }
}

TEST(Reservation, ByUuidIsKeptByASystemThatDoesNotSayIt) {
  model::Machine machine;
  machine.uuid = board;
  Rig rig(reserving(machine));
  EXPECT_THAT(rig.send(from_board(selecting("10.0.0.20", 1))), Acks("10.0.0.20"));
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.20"));
  EXPECT_THAT(rig.send(init_reboot("10.0.0.20", 1)), Acks("10.0.0.20"));
  EXPECT_THAT(rig.send(renewing("10.0.0.20", 1)), Acks("10.0.0.20"));
  EXPECT_EQ(rig.handle(renewing("10.0.0.20", 1)).trace.machine, "node1");
  DhcpMessage another = discover(1);
  another.options.set_raw(
      opt::ClientUuid::code,
      wire::encode_client_uuid(Uuid::parse("11111111-2222-3333-4444-555555555555").value()));
  EXPECT_THAT(rig.send(another), Offers("10.0.0.100")) << "the card is in another machine now";
}

TEST(Reservation, ByUuidIsKeptByARunningSystemOverARestart) {
  model::Machine machine;
  machine.uuid = board;
  Rig rig(reserving(machine));
  lease::Lease held{.address = ip("10.0.0.20"), .client = lease::ClientKey::of_mac(mac(1)), .mac = mac(1)};
  held.subnet = rig.plan->subnets()[0].network;
  held.granted = start;
  held.expires = start + std::chrono::seconds{1000};
  rig.book.load({held}, start);
  EXPECT_THAT(rig.send(as_pxe_rom(discover(1), 0)), Offers("10.0.0.100"))
      << "a ROM says who it is, or is another";
  EXPECT_THAT(rig.send(renewing("10.0.0.20", 1)), Acks("10.0.0.20"));
  EXPECT_THAT(rig.send(renewing("10.0.0.20", 2)), Naks());
}

TEST(Reservation, IsFoundByThePortOfARelay) {
  Rig rig(for_port());
  EXPECT_THAT(rig.send(from_port(discover(1))), Offers("10.0.0.20"));
  EXPECT_THAT(rig.send(from_port(discover(2))), Offers("10.0.0.20")) << "whoever is plugged in there";
  EXPECT_THAT(rig.send(relayed(discover(3), "10.0.0.9")), Offers("10.0.0.100"));
}

TEST(Reservation, OfAPortIsKeptWhenARenewalGoesPastTheRelay) {
  Rig rig(for_port());
  EXPECT_THAT(rig.send(from_port(selecting("10.0.0.20"))), Acks("10.0.0.20"));
  Settled renewed = rig.send(renewing("10.0.0.20"), unicast_from("10.0.0.20"));
  EXPECT_THAT(renewed, Acks("10.0.0.20"));
  EXPECT_FALSE(said(renewed).options.has(opt::RelayAgent::code)) << "no relay asked, none is answered";
  EXPECT_THAT(rig.send(renewing("10.0.0.20"), unicast_from("10.0.0.20")), Acks("10.0.0.20"))
      << "and what is kept stays with the lease";
  EXPECT_THAT(rig.send(release("10.0.0.20"), unicast_from("10.0.0.20")),
              testing::VariantWith<std::monostate>(testing::_));
}

TEST(Reservation, OfAPortIsNotForAnotherClientThatNamesTheAddress) {
  Rig rig(for_port());
  rig.send(from_port(selecting("10.0.0.20", 1)));
  EXPECT_THAT(rig.send(renewing("10.0.0.20", 2), unicast_from("10.0.0.20")), Naks());
}

TEST(Reservation, OfAPortIsLeftByAClientThatComesFromElsewhere) {
  Rig rig(for_port());
  rig.send(from_port(selecting("10.0.0.20")));
  EXPECT_THAT(rig.send(discover()), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(init_reboot("10.0.0.20")), Naks());
}

TEST(Reservation, IsOneForEachSubnetAMachineComesTo) {
  model::Draft draft = site();
  model::Subnet far = subnet("10.9.0.0/24", {pool("10.9.0.100", "10.9.0.110")});
  far.interface = "eth2";
  draft.subnets.push_back(far);
  draft.machines = {machine("node1", 1, ip("10.0.0.20")), machine("node1", 1, ip("10.9.0.20"))};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover()), Offers("10.0.0.20"));
  EXPECT_THAT(rig.send(relayed(discover(), "10.9.0.1")), Offers("10.9.0.20"));
  EXPECT_THAT(rig.send(relayed(selecting("10.9.0.20"), "10.9.0.1")), Acks("10.9.0.20"));
  EXPECT_THAT(rig.send(discover(2), broadcast_on("eth2")), Offers("10.9.0.100"));
}

TEST(Reservation, MayLieInWhatIsExcludedFromThePools) {
  model::Draft draft = site();
  draft.subnets[0].excluded = {{ip("10.0.0.100"), ip("10.0.0.101")}};
  draft.machines = {machine("node1", 1, ip("10.0.0.100"))};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.102"));
  EXPECT_THAT(rig.send(selecting("10.0.0.101", 3)), Drops(Drop::address_not_ours));
}

TEST(Responder, TakesALeaseBackWhoseAddressIsExcludedNow) {
  Rig rig;
  rig.lease_to(1, "10.0.0.100");
  model::Draft draft = site();
  draft.subnets[0].excluded = {{ip("10.0.0.100"), ip("10.0.0.100")}};
  rig.publish(draft);
  EXPECT_THAT(rig.send(renewing("10.0.0.100", 1)), Naks());
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.101"));
}

TEST(Responder, LetsNoClientDeclineAWholePool) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.199")};
  Rig rig(draft);
  auto refuses_one = [&] {
    std::string address = said(rig.send(discover(1))).yiaddr.to_string();
    rig.send(selecting(address, 1));
    rig.send(decline(address, 1));
  };
  for (unsigned i = 0; i < DeclineGuard::most_declined; ++i) refuses_one();
  EXPECT_THAT(rig.send(discover(1)), Drops(Drop::declined_too_many));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.108")) << "others are served";
  rig.now += DeclineGuard::within;
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.108"));
}

TEST(Responder, DropsARequestForAnAddressThatIsNone) {
  Rig rig;
  DhcpMessage broken = selecting("10.0.0.100");
  broken.options.set_raw(opt::RequestedAddress::code, {10, 0, 0});
  EXPECT_THAT(rig.send(broken), Drops(Drop::malformed_request));
}

TEST(Responder, AnswersARelayWhereItSentFromWhereTheSubnetSaysSo) {
  model::Draft draft = site();
  draft.subnets[0].reply_to = model::ReplyTo::source;
  Rig rig(draft);
  Arrival arrival = unicast_from("192.0.2.7");
  for (const DhcpMessage& message : {discover(), selecting("10.0.0.100"), init_reboot("10.0.0.7")}) {
    EXPECT_EQ(std::get<Answer>(rig.send(relayed(message, "10.0.0.9"), arrival)).to,
              Destination(ToSource{arrival.source}));
  }
}

TEST(Reply, HasTheRenewalTimesOfTheSubnet) {
  model::Draft draft = site();
  draft.subnets[0].renew_time = std::chrono::seconds{100};
  draft.subnets[0].rebind_time = std::chrono::seconds{200};
  Rig rig(draft);
  for (const Settled& settled : {rig.send(discover()), rig.send(selecting("10.0.0.100"))}) {
    EXPECT_EQ(said(settled).options.get<opt::RenewalTime>(), std::chrono::seconds{100});
    EXPECT_EQ(said(settled).options.get<opt::RebindingTime>(), std::chrono::seconds{200});
  }
}

}  // namespace
}  // namespace slipway::dhcp
