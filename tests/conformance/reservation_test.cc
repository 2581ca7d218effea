// SPDX-License-Identifier: MPL-2.0
// Whom a reserved address belongs to, against leases that run; and option 82 kept with the lease.
#include "conformance/server.h"

namespace slipway::conformance {
namespace {

model::Draft reserving(std::string_view address, int client = 1) {
  model::Draft draft = by_client_id();
  draft.machines = {machine("node", client, ip(address))};
  return draft;
}

TEST(ReservedAddress, InsideAPoolIsNeverAnothers) {
  model::Draft draft = reserving("10.0.0.100");
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.101")};
  Server server(draft);
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.101"));
  EXPECT_THAT(server.send(selecting("10.0.0.100", 2)), Naks());
  server.lease_to(2, "10.0.0.101");
  EXPECT_THAT(server.send(discover(3)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.100"));
}

TEST(ReservedAddress, OutsideOfThePoolsIsNeverAnothers) {
  Server server(reserving("10.0.0.20"));
  EXPECT_THAT(server.send(selecting("10.0.0.20", 2)), Naks());
  EXPECT_THAT(server.send(init_reboot("10.0.0.20", 2)), Naks());
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.20"));
}

TEST(ReservedAddress, ThatAnotherHasALeaseOnIsItsOwnersWhenTheLeaseEnds) {
  Server server;
  server.lease_to(1, "10.0.0.100");
  server.reload(reserving("10.0.0.100", 2));
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.101")) << "another one as long as the lease runs";
  EXPECT_THAT(server.send(selecting("10.0.0.100", 2)), Naks());
  EXPECT_THAT(server.send(renewing("10.0.0.100", 1)), Naks());
  EXPECT_THAT(server.send(init_reboot("10.0.0.100", 1)), Naks());
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.102"));
  server.now += seconds{1001};
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.100"));
  server.lease_to(2, "10.0.0.100");
}

TEST(ReservedAddress, TakesTheDynamicLeaseOfItsClientBackWithTheAck) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.lease_to(1, "10.0.0.100");
  model::Draft draft = reserving("10.0.0.20");
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  server.reload(draft);
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.20"));
  EXPECT_THAT(server.send(discover(2)), Drops(Drop::pool_exhausted)) << "not before the ACK";
  server.lease_to(1, "10.0.0.20");
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.100")) << "at once after it";
}

TEST(ReservedAddress, ThatIsChangedIsTheOnlyOneItsClientGets) {
  Server server(reserving("10.0.0.20"));
  server.lease_to(1, "10.0.0.20");
  server.reload(reserving("10.0.0.21"));
  EXPECT_THAT(server.send(init_reboot("10.0.0.20")), Naks());
  EXPECT_THAT(server.send(renewing("10.0.0.20")), Naks());
  EXPECT_THAT(server.send(selecting("10.0.0.20")), Naks());
  EXPECT_THAT(server.send(discover()), Offers("10.0.0.21"));
}

TEST(ReservedAddress, HasALeaseLikeOthers) {
  Server server(reserving("10.0.0.20"));
  server.lease_to(1, "10.0.0.20");
  ASSERT_EQ(server.stored().size(), 1u);
  EXPECT_EQ(server.stored()[0].address, ip("10.0.0.20"));
  EXPECT_EQ(server.stored()[0].expires, server.now + seconds{1000});
}

TEST(Reservations, OfOneMacOrOneAddressInASubnetAreRefusedAndInTwoSubnetsInOrder) {
  auto problems = [](std::vector<model::Machine> machines) {
    model::Draft draft = by_client_id();
    draft.subnets.push_back(subnet("10.9.0.0/24", {}));
    draft.machines = std::move(machines);
    auto plan = model::Plan::build(draft, {});
    return plan ? 0 : plan.error().problems.size();
  };
  EXPECT_EQ(problems({machine("a", 1, ip("10.0.0.20")), machine("b", 1, ip("10.0.0.21"))}), 1u);
  EXPECT_EQ(problems({machine("a", 1, ip("10.0.0.20")), machine("b", 2, ip("10.0.0.20"))}), 1u);
  EXPECT_EQ(problems({machine("a", 1, ip("10.0.0.20")), machine("b", 1, ip("10.9.0.20"))}), 0u);
}

// -- Option 82 kept with the lease ------------------------------------------------------------------

model::Draft reserving_port() {
  model::Draft draft = by_client_id();
  model::Machine at_port;
  at_port.name = "port";
  at_port.relay_circuit = {'p', '3'};
  at_port.address = ip("10.0.0.20");
  draft.machines = {at_port};
  return draft;
}
DhcpMessage from_port(DhcpMessage message) {
  message.options.set_raw(opt::RelayAgent::code, {1, 2, 'p', '3'});
  return relayed(std::move(message), "10.0.0.9");
}

TEST(RelayOption, IsKeptSoThatARenewalPastTheRelayFindsItsReservation) {
  Server server(reserving_port());
  EXPECT_THAT(server.send(from_port(discover())), Offers("10.0.0.20"));
  EXPECT_THAT(server.send(from_port(selecting("10.0.0.20"))), Acks("10.0.0.20"));
  EXPECT_THAT(server.send(renewing("10.0.0.20"), unicast_from("10.0.0.20")), Acks("10.0.0.20"));
}

TEST(RelayOption, IsKeptOverARestart) {
  Server server(reserving_port());
  server.send(from_port(selecting("10.0.0.20")));
  server.restart();
  EXPECT_THAT(server.send(renewing("10.0.0.20"), unicast_from("10.0.0.20")), Acks("10.0.0.20"));
  server.restart();
  EXPECT_THAT(server.send(renewing("10.0.0.20"), unicast_from("10.0.0.20")), Acks("10.0.0.20"));
}

TEST(RelayOption, ThatIsKeptPutsARenewalIntoItsClass) {
  model::Draft draft = by_client_id();
  model::BootClass port;
  port.name = "port";
  port.when.emplace().relay_circuit = {"p3"};
  draft.classes = {port};
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100", "port")};
  Server server(draft);
  server.send(from_port(selecting("10.0.0.100")));
  EXPECT_THAT(server.send(renewing("10.0.0.100"), unicast_from("10.0.0.100")), Acks("10.0.0.100"));
}

}  // namespace
}  // namespace slipway::conformance
