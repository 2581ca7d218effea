// SPDX-License-Identifier: MPL-2.0
// ACK, NAK or silence for a REQUEST of a client in the right subnet (RFC 2131 §4.3.2), row by row.
#include "conformance/server.h"

namespace slipway::conformance {
namespace {

class Request : public testing::TestWithParam<bool> {
 protected:
  static model::Draft draft() {
    model::Draft made = by_client_id();
    made.subnets[0].authoritative = GetParam();
    made.machines = {machine("other", 9, ip("10.0.0.20"))};
    return made;
  }
  static bool authoritative() { return GetParam(); }
  Server server{draft()};
};

TEST_P(Request, ThatSelectsUsIsGrantedWhereTheAddressIsFreeAlsoWithoutAnOffer) {
  EXPECT_THAT(server.send(selecting("10.0.0.101")), Acks("10.0.0.101"));
}

TEST_P(Request, ThatSelectsUsIsRefusedWhereAnotherHasTheAddress) {
  server.lease_to(2, "10.0.0.101");
  EXPECT_THAT(server.send(selecting("10.0.0.101", 1)), Naks());
}

TEST_P(Request, ThatSelectsUsForAnAddressOutsideThePoolIsMetWithSilence) {
  EXPECT_THAT(server.send(selecting("10.0.0.50")), Drops(Drop::address_not_ours));
  server.lease_to(1, "10.0.0.101");
  EXPECT_THAT(server.send(selecting("10.0.0.50")), Drops(Drop::address_not_ours));
}

TEST_P(Request, ThatSelectsUsForAnAddressReservedForAnotherIsRefused) {
  EXPECT_THAT(server.send(selecting("10.0.0.20", 1)), Naks());
}

TEST_P(Request, ThatSelectsAnotherServerIsMetWithSilence) {
  DhcpMessage message = selecting("10.0.0.100");
  message.options.set<opt::ServerId>(ip("10.0.0.77"));
  EXPECT_THAT(server.send(message), Drops(Drop::not_for_us));
}

TEST_P(Request, OfARebootedClientForTheAddressItHasIsGranted) {
  server.lease_to(1, "10.0.0.101");
  EXPECT_THAT(server.send(init_reboot("10.0.0.101")), Acks("10.0.0.101"));
}

TEST_P(Request, OfARebootedClientThatHasAnAddressForAnyOtherIsRefused) {
  server.lease_to(1, "10.0.0.101");
  for (auto address : {"10.0.0.100", "10.0.0.50", "192.168.1.1"}) {
    EXPECT_THAT(server.send(init_reboot(address)), Naks()) << address;
  }
}

TEST_P(Request, OfARebootedClientThatHasNoneIsRefusedOnlyWithAuthorityAlsoWhereTheAddressIsFree) {
  for (auto address : {"10.0.0.100", "10.0.0.50", "192.168.1.1"}) {
    Settled settled = server.send(init_reboot(address));
    if (authoritative()) {
      EXPECT_THAT(settled, Naks()) << address;
    } else {
      EXPECT_THAT(settled, Drops(Drop::unknown_lease)) << address;
    }
  }
}

TEST_P(Request, ToRenewOrRebindWhatTheClientHasIsGranted) {
  server.lease_to(1, "10.0.0.101");
  EXPECT_THAT(server.send(renewing("10.0.0.101"), unicast_from("10.0.0.101")), Acks("10.0.0.101"));
  EXPECT_THAT(server.send(renewing("10.0.0.101")), Acks("10.0.0.101"));
}

TEST_P(Request, ThatNamesNothingIsRefusedWhereThePoolIsFull) {
  for (int client = 2; client <= 4; ++client)
    server.lease_to(client, "10.0.0.10" + std::to_string(client - 2));
  EXPECT_THAT(server.send(packet(MessageType::request, 1)), Naks());
}

TEST_P(Request, ThatNamesAServerAndNoAddressIsGrantedFromThePool) {
  DhcpMessage message = packet(MessageType::request);
  message.options.set<opt::ServerId>(server_address);
  EXPECT_THAT(server.send(message), Acks("10.0.0.100"));
}

INSTANTIATE_TEST_SUITE_P(EitherWay, Request, testing::Bool(), [](const auto& authority) {
  return authority.param ? "Authoritative" : "WithoutAuthority";
});

TEST(Nak, HasTwoOptionsAReasonAndWhatIsCopiedFromItsRequest) {
  model::Draft draft = by_client_id();
  draft.subnets[0].next_server = ip("10.0.0.9");
  Server server(draft);
  DhcpMessage message = called(relayed(selecting("192.168.0.1"), "10.0.0.9"), 1);
  message.siaddr = ip("10.0.0.8");
  message.yiaddr = ip("10.0.0.7");
  message.options.set_raw(opt::RelayAgent::code, {1, 1, 'x'});
  const DhcpMessage nak = said(server.send(message));
  std::vector<std::uint8_t> codes;
  for (const auto& entry : nak.options.entries()) codes.push_back(entry.code);
  EXPECT_THAT(codes, testing::UnorderedElementsAre(53, 54, 56, 61, 82));
  EXPECT_TRUE(nak.yiaddr.is_any() && nak.ciaddr.is_any() && nak.siaddr.is_any());
}

TEST(Nak, IsSaidAlsoToAClientWhoseCiaddrIsTheBroadcastAddress) {
  Server server;
  DhcpMessage message = selecting("192.168.0.1");
  message.ciaddr = Ipv4::broadcast();
  Settled settled = server.send(message);
  EXPECT_THAT(settled, Naks());
  EXPECT_TRUE(said(settled).ciaddr.is_any());
  EXPECT_THAT(server.send(renewing("255.255.255.255")), Naks());
}

TEST(Decline, KeepsAnAddressFromEverybodyAlsoWhereThePoolHasNoOtherUntilTheProbationEnds) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.send(called(selecting("10.0.0.100", 1), 1));
  EXPECT_THAT(server.send(called(decline("10.0.0.100", 1), 1)), IsDoneInSilence());
  EXPECT_THAT(server.send(called(discover(1), 1)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(server.send(called(discover(2), 2)), Drops(Drop::pool_exhausted));
  server.restart();
  EXPECT_THAT(server.send(called(discover(2), 2)), Drops(Drop::pool_exhausted));
  server.now += std::chrono::hours{24};
  EXPECT_THAT(server.send(called(discover(2), 2)), Offers("10.0.0.100"));
}

TEST(Decline, MeansNothingWithoutAnAddressOrFromAnotherClient) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.send(called(selecting("10.0.0.100", 1), 1));
  DhcpMessage nameless = called(decline("10.0.0.100", 1), 1);
  nameless.options.remove(opt::RequestedAddress::code);
  EXPECT_THAT(server.send(nameless), Drops(Drop::malformed_request));
  EXPECT_THAT(server.send(called(decline("10.0.0.100", 1), 2)), Drops(Drop::nothing_to_release));
  EXPECT_THAT(server.send(called(decline("10.0.0.100", 2), 2)), Drops(Drop::nothing_to_release));
  EXPECT_THAT(server.send(called(renewing("10.0.0.100", 1), 1)), Acks("10.0.0.100"));
}

}  // namespace
}  // namespace slipway::conformance
