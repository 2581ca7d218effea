// SPDX-License-Identifier: MPL-2.0
// Who is the client (RFC 2131 §4.2), and that an OFFER takes nothing.
#include "conformance/server.h"

namespace slipway::conformance {
namespace {

TEST(ClientIdentity, OfAnotherClientIdAtTheSameMacIsAnotherClient) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  EXPECT_THAT(server.send(called(selecting("10.0.0.100"), 1)), Acks("10.0.0.100"));
  EXPECT_THAT(server.send(called(release("10.0.0.100"), 2)), Drops(Drop::nothing_to_release));
  EXPECT_THAT(server.send(called(discover(), 2)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(server.send(discover()), Drops(Drop::pool_exhausted)) << "nor is one without an id";
}

TEST(ClientIdentity, OfTheSameClientIdAtAnotherMacIsTheSameClient) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.send(called(selecting("10.0.0.100", 1), 1));
  EXPECT_THAT(server.send(called(discover(2), 1)), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(called(release("10.0.0.100", 2), 1)), IsDoneInSilence());
  EXPECT_THAT(server.send(called(discover(3), 3)), Offers("10.0.0.100"));
}

TEST(ClientIdentity, IsTheClientIdWhereTheHardwareAddressIsZeros) {
  Server server;
  DhcpMessage asks = called(discover(), 1), takes = called(selecting("10.0.0.100"), 1);
  asks.set_mac({});
  takes.set_mac({});
  EXPECT_THAT(server.send(asks), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(takes), Acks("10.0.0.100"));
}

TEST(Offer, OfTheOnlyAddressIsMadeToTheNextClientAtOnce) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  EXPECT_THAT(server.send(called(discover(1), 1)), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(called(discover(2), 2)), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(called(discover(1), 3)), Offers("10.0.0.100")) << "the first MAC, another id";
}

TEST(Offer, MadeTwiceIsTakenOnce) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.send(discover(1));
  server.send(discover(2));
  EXPECT_THAT(server.send(selecting("10.0.0.100", 1)), Acks("10.0.0.100"));
  EXPECT_THAT(server.send(selecting("10.0.0.100", 2)), Naks());
}

TEST(Offer, CopiesNeitherCiaddrNorSiaddr) {
  Server server;
  DhcpMessage message = discover();
  message.ciaddr = ip("10.0.0.77");
  message.siaddr = ip("10.0.0.78");
  const DhcpMessage offer = said(server.send(message));
  EXPECT_TRUE(offer.ciaddr.is_any());
  EXPECT_TRUE(offer.siaddr.is_any()) << "no next server is configured";
}

TEST(Offer, NamesTheNextServerThatIsConfigured) {
  model::Draft draft = by_client_id();
  draft.subnets[0].next_server = ip("10.0.0.9");
  Server server(draft);
  EXPECT_EQ(said(server.send(discover())).siaddr, ip("10.0.0.9"));
  EXPECT_EQ(said(server.send(selecting("10.0.0.100"))).siaddr, ip("10.0.0.9"));
}

TEST(ClientId, ComesBackInOfferAckAndNak) {
  Server server;
  for (const DhcpMessage& message : {discover(), selecting("10.0.0.100"), selecting("192.168.0.1")}) {
    EXPECT_EQ(said(server.send(called(message, 7))).options.get<opt::ClientId>(), (Bytes{0xff, 7}));
  }
  EXPECT_FALSE(said(server.send(discover(2))).options.has(opt::ClientId::code));
}

}  // namespace
}  // namespace slipway::conformance
