// SPDX-License-Identifier: MPL-2.0
// The exchange from DISCOVER to RELEASE, pools to their last address, INFORM, IPv6-only, and the lease store.
#include "conformance/server.h"

namespace slipway::conformance {
namespace {

TEST(Exchange, HasMaskServerIdAndTheTimesThatAreConfiguredInOfferAndAck) {
  model::Draft draft = by_client_id();
  draft.subnets[0].renew_time = seconds{100};
  draft.subnets[0].rebind_time = seconds{200};
  Server server(draft);
  for (const DhcpMessage& message : {discover(), selecting("10.0.0.100")}) {
    const DhcpMessage answer = said(server.send(message));
    EXPECT_EQ(answer.yiaddr, ip("10.0.0.100"));
    EXPECT_EQ(answer.options.get<opt::SubnetMask>(), ip("255.255.255.0"));
    EXPECT_EQ(answer.options.get<opt::ServerId>(), server_address);
    EXPECT_EQ(answer.options.get<opt::LeaseTime>(), seconds{1000});
    EXPECT_EQ(answer.options.get<opt::RenewalTime>(), seconds{100});
    EXPECT_EQ(answer.options.get<opt::RebindingTime>(), seconds{200});
  }
}

TEST(Exchange, EndsWithTheSameAddressForTheSameClientInAnyOrderOfMessages) {
  Server server;
  EXPECT_THAT(server.send(discover()), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.101"));
  EXPECT_THAT(server.send(discover()), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(selecting("10.0.0.100")), Acks("10.0.0.100"));
  EXPECT_THAT(server.send(discover()), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(selecting("10.0.0.100")), Acks("10.0.0.100"));
  EXPECT_THAT(server.send(init_reboot("10.0.0.100")), Acks("10.0.0.100"));
  EXPECT_THAT(server.send(renewing("10.0.0.100")), Acks("10.0.0.100"));
}

TEST(Exchange, OfAnAddressThatWasOfferedToNobodyIsGrantedIfItIsFree) {
  Server server;
  EXPECT_THAT(server.send(selecting("10.0.0.102")), Acks("10.0.0.102"));
}

TEST(Exchange, RenewsBeforeT1) {
  Server server;
  server.lease_to(1, "10.0.0.100");
  server.now += seconds{1};
  EXPECT_THAT(server.send(renewing("10.0.0.100"), unicast_from("10.0.0.100")), Acks("10.0.0.100"));
  EXPECT_EQ(server.stored().at(0).expires, server.now + seconds{1000});
}

TEST(Exchange, GivesALeaseThatRanOutToOthersOneSecondLater) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.lease_to(1, "10.0.0.100");
  server.now += seconds{999};
  EXPECT_THAT(server.send(discover(2)), Drops(Drop::pool_exhausted));
  server.now += seconds{1};
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.100"));
  server.lease_to(2, "10.0.0.100");
}

TEST(Exchange, EndsWithAReleaseInSilenceOfTheLeaseThatCiaddrNames) {
  Server server(with_pool("10.0.0.100", "10.0.0.100"));
  server.lease_to(1, "10.0.0.100");
  DhcpMessage wrong = release("10.0.0.101");
  EXPECT_THAT(server.send(wrong), Drops(Drop::nothing_to_release));
  EXPECT_THAT(server.send(release("10.0.0.100")), IsDoneInSilence());
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.100")) << "free at once";
}

TEST(Exchange, ComputesClassesAnewForEachMessage) {
  model::Draft draft = by_client_id();
  model::BootClass phones;
  phones.name = "phones";
  phones.when.emplace().vendor_class = {"Phone*"};
  draft.classes = {phones};
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100", "phones")};
  Server server(draft);
  DhcpMessage phone = discover();
  phone.options.set<opt::VendorClass>("Phone 7");
  EXPECT_THAT(server.send(phone), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(selecting("10.0.0.100")), Drops(Drop::address_not_ours))
      << "it lacks what made the class";
}

// -- Pools to the last address ----------------------------------------------------------------------

void fill(std::string_view network, std::string_view first, std::string_view last, int clients) {
  model::Draft draft = by_client_id();
  model::Subnet& net = draft.subnets[0];
  net = subnet(network, {pool(first, last)});
  net.identify = model::Identify::client_id;
  Rig rig(draft);
  std::uint32_t next = ip(first).value;
  for (int client = 0; client < clients; ++client, ++next) {
    DhcpMessage asks = discover(client & 0xff);
    asks.options.set<opt::ClientId>(
        {0xff, static_cast<std::uint8_t>(client >> 8), static_cast<std::uint8_t>(client)});
    std::string address = Ipv4{next}.to_string();
    ASSERT_THAT(rig.send(asks), Offers(address));
    DhcpMessage takes = selecting(address, client & 0xff);
    takes.options.set<opt::ClientId>(*asks.options.get<opt::ClientId>());
    ASSERT_THAT(rig.send(takes), Acks(address));
  }
  EXPECT_EQ(next - 1, ip(last).value);
  EXPECT_THAT(rig.send(called(discover(1), 0xaa)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(rig.send(called(packet(MessageType::request, 1), 0xaa)), Naks());
}

TEST(Pool, IsGivenInAscendingOrderToTheLastOfTwoHundredAndFiftyFour) {
  fill("192.168.50.0/24", "192.168.50.1", "192.168.50.254", 254);
}

TEST(Pool, IsGivenInAscendingOrderToTheLastOfFiveHundredAndEightOverDotTwoFiveFiveAndDotZero) {
  fill("192.168.50.0/23", "192.168.50.2", "192.168.51.253", 508);
}

TEST(Pool, IsGivenInAscendingOrderToTheLastOfHundredAndTwentyEight) {
  fill("192.168.50.0/24", "192.168.50.101", "192.168.50.228", 128);
}

TEST(Pool, TakesTheLowestFreeAddressFirstAlsoAfterARelease) {
  Server server(with_pool("10.0.0.100", "10.0.0.110"));
  for (int client = 1; client <= 3; ++client)
    server.lease_to(client, "10.0.0.10" + std::to_string(client - 1));
  EXPECT_THAT(server.send(discover(4)), Offers("10.0.0.103"));
}

// -- INFORM -----------------------------------------------------------------------------------------

DhcpMessage inform(std::string_view address) {
  DhcpMessage message = asking(packet(MessageType::inform), {1, 6, 15});
  message.ciaddr = ip(address);
  return message;
}

TEST(Inform, IsAnsweredWithWhatItAsksForAndNoLease) {
  Server server;
  Settled settled = server.send(inform("10.0.0.50"));
  EXPECT_THAT(settled, Says(MessageType::ack, "0.0.0.0"));
  EXPECT_EQ(std::get<Answer>(settled).to, dhcp::Destination(dhcp::Unicast{ip("10.0.0.50")}));
  const DhcpMessage ack = said(settled);
  EXPECT_EQ(ack.options.get<opt::DomainName>(), "example.org");
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{51, 58, 59})
    EXPECT_FALSE(ack.options.has(code));
  EXPECT_TRUE(server.stored().empty());
}

TEST(Inform, IsAnsweredWithoutAPoolWithoutAuthorityAndWithAServerIdInIt) {
  model::Draft draft = by_client_id();
  draft.subnets[0].pools.clear();
  draft.subnets[0].authoritative = false;
  Server server(draft);
  EXPECT_THAT(server.send(inform("10.0.0.50")), Says(MessageType::ack, "0.0.0.0"));
  DhcpMessage with_server = inform("10.0.0.50");
  with_server.options.set<opt::ServerId>(ip("10.0.0.77"));
  EXPECT_THAT(server.send(with_server), Says(MessageType::ack, "0.0.0.0"));
}

TEST(Inform, WithoutAnAddressIsAnsweredThroughItsRelayAndNowhereElse) {
  Server server;
  EXPECT_THAT(server.send(inform("0.0.0.0")), Drops(Drop::inform_without_address));
  Settled settled = server.send(relayed(inform("0.0.0.0"), "10.0.0.9"));
  EXPECT_THAT(settled, Says(MessageType::ack, "0.0.0.0"));
  EXPECT_EQ(std::get<Answer>(settled).to, dhcp::Destination(dhcp::ToRelay{ip("10.0.0.9")}));
}

// -- Option 108 -------------------------------------------------------------------------------------

TEST(Ipv6Only, IsToldToWhoeverAsksInOfferAndAckWithoutAnAddressOrALeaseWithAndWithoutRapidCommit) {
  model::Draft draft = by_client_id();
  draft.subnets[0].options = {{108, {0, 0, 1, 44}}};
  Server server(draft);
  DhcpMessage in_a_hurry = discover();
  in_a_hurry.options.set_raw(opt::RapidCommit::code, {});
  for (const DhcpMessage& message : {discover(), in_a_hurry, selecting("10.0.0.100")}) {
    const DhcpMessage answer = said(server.send(asking(message, {1, 108})));
    EXPECT_NE(answer.options.get<opt::MessageType>(), MessageType::nak);
    EXPECT_TRUE(answer.yiaddr.is_any());
    EXPECT_EQ(answer.options.get<opt::Ipv6Only>(), seconds{300});
  }
  EXPECT_TRUE(server.stored().empty());
  EXPECT_THAT(server.send(asking(discover(), {1, 3})), Offers("10.0.0.100"));
}

TEST(Ipv6Only, IsNotToldWhereASubnetThatTheClientCouldUseDoesNotSayIt) {
  model::Draft draft = by_client_id();
  draft.subnets[0].options = {{108, {0, 0, 1, 44}}};
  draft.subnets.push_back(subnet("10.1.0.0/16", {pool("10.1.0.100", "10.1.0.110")}));
  for (model::Subnet& net : draft.subnets) net.shared_network = "rack";
  Server server(draft);
  EXPECT_THAT(server.send(asking(discover(), {1, 108})), Offers("10.0.0.100"));
}

// -- The lease store --------------------------------------------------------------------------------

TEST(LeaseStore, HasAddressMacClientIdAndLifetimeWhenTheAckIsOut) {
  Server server;
  DhcpMessage message = called(selecting("10.0.0.101"), 7);
  message.options.set<opt::HostName>("node1");
  ASSERT_THAT(server.send(message), Acks("10.0.0.101"));
  ASSERT_EQ(server.stored().size(), 1u);
  lease::Lease stored = server.stored()[0];
  EXPECT_EQ(stored.address, ip("10.0.0.101"));
  EXPECT_EQ(stored.mac, mac(1));
  EXPECT_EQ(stored.client_id, (Bytes{0xff, 7}));
  EXPECT_EQ(stored.hostname, "node1");
  EXPECT_EQ(stored.expires - stored.granted, seconds{1000});
}

TEST(LeaseStore, IsKeptOverReloadAndRestart) {
  Server server;
  server.lease_to(1, "10.0.0.101");
  server.reload(by_client_id());
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.101"));
  server.restart();
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.101"));
  EXPECT_THAT(server.send(selecting("10.0.0.101", 2)), Naks());
}

TEST(LeaseStore, TakesAChangedNameWithTheRenewal) {
  Server server;
  server.lease_to(1, "10.0.0.101");
  DhcpMessage renewal = renewing("10.0.0.101");
  renewal.options.set<opt::HostName>("renamed");
  server.send(renewal);
  EXPECT_EQ(server.stored().at(0).hostname, "renamed");
}

TEST(LeaseStore, GivesAFormerClientItsFormerAddressWhileNobodyNeedsIt) {
  Server server;
  server.lease_to(1, "10.0.0.100");
  server.lease_to(2, "10.0.0.101");
  server.now += seconds{2000};
  server.restart();
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.101"));
  EXPECT_THAT(server.send(discover(3)), Offers("10.0.0.102")) << "one that was never used goes first";
}

TEST(LeaseStore, GivesTheLongestUnusedAddressWhenThePoolIsUsedUp) {
  Server server(with_pool("10.0.0.100", "10.0.0.101"));
  server.lease_to(1, "10.0.0.101");
  server.now += seconds{10};
  server.lease_to(2, "10.0.0.100");
  server.now += seconds{2000};
  EXPECT_THAT(server.send(discover(3)), Offers("10.0.0.101"));
  server.lease_to(3, "10.0.0.101");
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.100")) << "its own is another's now";
}

}  // namespace
}  // namespace slipway::conformance
