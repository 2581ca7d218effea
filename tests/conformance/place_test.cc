// SPDX-License-Identifier: MPL-2.0
// Which subnet a client is in: interfaces, shared networks, relays.
#include "conformance/server.h"

namespace slipway::conformance {
namespace {

model::BootClass phones() {
  model::BootClass made;
  made.name = "phones";
  made.when.emplace().vendor_class = {"Phone*"};
  return made;
}
DhcpMessage phone(DhcpMessage message) {
  message.options.set<opt::VendorClass>("Phone 7");
  return message;
}

/// Two subnets on eth1, the first for phones.
model::Draft two_subnets(std::string shared_network = {}) {
  model::Draft draft = by_client_id();
  draft.classes = {phones()};
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100", "phones")};
  model::Subnet second = subnet("172.20.0.0/16", {pool("172.20.0.100", "172.20.0.101")});
  second.routers = {ip("172.20.0.1")};
  draft.subnets.push_back(second);
  for (model::Subnet& net : draft.subnets) net.shared_network = shared_network;
  return by_client_id(draft);
}

TEST(Subnet, NeedNotHoldTheServersAddressAndIsTheFirstOfItsInterfaceForTheClientsClass) {
  Server server(two_subnets());
  EXPECT_THAT(server.send(phone(discover(1))), Offers("10.0.0.100"));
  EXPECT_THAT(server.send(discover(2)), Offers("172.20.0.100"));
}

TEST(SharedNetwork, IsTriedMemberAfterMemberSkippingThoseOfAnotherClass) {
  Server server(two_subnets("rack"));
  EXPECT_THAT(server.send(discover(1)), Offers("172.20.0.100"));
  EXPECT_THAT(server.send(phone(discover(2))), Offers("10.0.0.100"));
  server.send(phone(selecting("10.0.0.100", 2)));
  EXPECT_THAT(server.send(phone(discover(3))), Offers("172.20.0.101")) << "the first member is full";
}

TEST(SharedNetwork, GivesMaskAndRoutersOfTheSubnetInWhichTheAddressWasFound) {
  Server server(two_subnets("rack"));
  for (const DhcpMessage& message : {discover(), selecting("172.20.0.100")}) {
    const DhcpMessage answer = said(server.send(message));
    EXPECT_EQ(answer.options.get<opt::SubnetMask>(), ip("255.255.0.0"));
    EXPECT_EQ(answer.options.get<opt::Routers>(), std::vector{ip("172.20.0.1")});
  }
}

model::Draft behind_relays() {
  model::Draft draft = by_client_id();
  model::Subnet far = subnet("10.9.0.0/24", {pool("10.9.0.100", "10.9.0.110")});
  far.interface = "eth2";
  far.relays = {ip("172.16.0.1")};
  draft.subnets.push_back(far);
  return by_client_id(draft);
}
auto GoesTo(std::string_view relay) {
  return testing::ResultOf([](const Settled& settled) { return std::get<Answer>(settled).to; },
                           dhcp::Destination(dhcp::ToRelay{ip(relay)}));
}

TEST(Relay, ChoosesTheSubnetItIsInOrIsConfiguredFor) {
  Server server(behind_relays());
  EXPECT_THAT(server.send(relayed(discover(), "10.9.0.1")), Offers("10.9.0.100"));
  EXPECT_THAT(server.send(relayed(discover(), "172.16.0.1")), Offers("10.9.0.100"));
  EXPECT_THAT(server.send(relayed(discover(), "192.0.2.1")), Drops(Drop::no_subnet));
}

TEST(Relay, IsSentEveryAnswerForItsClients) {
  Server server(behind_relays());
  DhcpMessage inform = packet(MessageType::inform);
  inform.ciaddr = ip("10.9.0.50");
  for (const DhcpMessage& message : {discover(), selecting("10.9.0.100"), selecting("192.168.0.1"), inform}) {
    EXPECT_THAT(server.send(relayed(message, "10.9.0.1")), GoesTo("10.9.0.1"));
  }
}

TEST(Relay, GetsItsOptionBackByteByByteAndLast) {
  Server server(behind_relays());
  Bytes malformed{1, 200, 'x', 255, 0};
  for (const DhcpMessage& message : {discover(), selecting("10.9.0.100"), selecting("192.168.0.1")}) {
    DhcpMessage request = relayed(message, "10.9.0.1");
    request.options.set_raw(opt::RelayAgent::code, malformed);
    const DhcpMessage answer = said(server.send(request));
    EXPECT_EQ(answer.options.get<opt::RelayAgent>(), malformed);
    Bytes bytes = wire::serialize(answer, 1472).bytes;
    auto last = std::find_end(bytes.begin(), bytes.end(), malformed.begin(), malformed.end());
    ASSERT_NE(last, bytes.end());
    EXPECT_EQ(last[5], wire::option_end);
  }
}

TEST(Relay, ThatSelectsALinkIsAnsweredAtItsOwnAddress) {
  Server server(behind_relays());
  DhcpMessage message = relayed(discover(), "10.0.0.9");
  message.options.set_raw(opt::RelayAgent::code, {5, 4, 10, 9, 0, 0});
  Settled settled = server.send(message);
  EXPECT_THAT(settled, Offers("10.9.0.100"));
  EXPECT_THAT(settled, GoesTo("10.0.0.9"));
}

TEST(Relay, ThatWantsToBeTheServerIsNamedAndUnderstoodAsUs) {
  Server server(behind_relays());
  Bytes wants_to_be_named{11, 4, 10, 9, 0, 1};
  DhcpMessage asks = relayed(discover(), "10.9.0.1"), takes = relayed(selecting("10.9.0.100"), "10.9.0.1");
  takes.options.set<opt::ServerId>(ip("10.9.0.1"));
  for (DhcpMessage* message : {&asks, &takes}) {
    message->options.set_raw(opt::RelayAgent::code, wants_to_be_named);
    const DhcpMessage answer = said(server.send(*message));
    EXPECT_EQ(answer.options.get<opt::ServerId>(), ip("10.9.0.1"));
    EXPECT_EQ(answer.yiaddr, ip("10.9.0.100"));
  }
}

TEST(Relay, OfNoSubnetGetsANakForAClientThatSelectsUs) {
  Server server(behind_relays());
  Settled settled = server.send(relayed(selecting("10.9.0.100"), "192.0.2.1"));
  EXPECT_THAT(settled, Naks());
  EXPECT_THAT(settled, GoesTo("192.0.2.1"));
}

}  // namespace
}  // namespace slipway::conformance
