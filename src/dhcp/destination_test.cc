// SPDX-License-Identifier: MPL-2.0
#include "dhcp/destination.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

const Ipv4 yiaddr = ip("10.0.0.100");

TEST(Destination, IsTheRelayWhateverElseTheMessageSays) {
  DhcpMessage message = relayed(renewing("10.0.0.100"), "10.9.0.1");
  message.flags = wire::broadcast_flag;
  EXPECT_EQ(destination_of(message, broadcast_on(), yiaddr), Destination(ToRelay{ip("10.9.0.1")}));
}

TEST(Destination, IsTheAddressTheClientHas) {
  EXPECT_EQ(destination_of(renewing("10.0.0.100"), broadcast_on(), yiaddr),
            Destination(Unicast{ip("10.0.0.100")}));
}

TEST(Destination, IsEverybodyForAClientThatAsksForBroadcast) {
  DhcpMessage message = discover();
  message.flags = wire::broadcast_flag;
  EXPECT_EQ(destination_of(message, broadcast_on(), yiaddr), Destination(Broadcast{7}));
}

TEST(Destination, IsAFrameToAClientWithoutAnAddress) {
  EXPECT_EQ(destination_of(discover(4), broadcast_on(), yiaddr), Destination(RawUnicast{yiaddr, mac(4), 7}));
}

TEST(Destination, IsEverybodyWhereNoFrameCanBeAddressed) {
  DhcpMessage infiniband = discover();
  infiniband.htype = 32;
  infiniband.hlen = 0;
  EXPECT_EQ(destination_of(infiniband, broadcast_on(), yiaddr), Destination(Broadcast{7}));
  EXPECT_EQ(destination_of(discover(), broadcast_on(), Ipv4::any()), Destination(Broadcast{7}));
}

TEST(Destination, IsNeverABroadcastAddressTakenForTheClients) {
  EXPECT_EQ(destination_of(renewing("255.255.255.255"), broadcast_on(), Ipv4::any()),
            Destination(Broadcast{7}));
}

TEST(Destination, IsWhereARelaySentFromWhereTheSubnetSaysSo) {
  Arrival arrival = broadcast_on();
  arrival.source = {ip("192.0.2.7"), 1067};
  auto source = model::ReplyTo::source;
  DhcpMessage message = relayed(discover(), "10.9.0.1");
  EXPECT_EQ(destination_of(message, arrival, yiaddr, source), Destination(ToSource{arrival.source}));
  EXPECT_EQ(destination_of_nak(message, arrival, source), Destination(ToSource{arrival.source}));
  EXPECT_EQ(destination_of(discover(4), arrival, yiaddr, source), Destination(RawUnicast{yiaddr, mac(4), 7}))
      << "no relay, nothing to send back to";
  arrival.source = {};
  EXPECT_EQ(destination_of(message, arrival, yiaddr, source), Destination(ToRelay{ip("10.9.0.1")}));
}

TEST(Destination, OfANakIsEverybodyOrTheRelay) {
  EXPECT_EQ(destination_of_nak(renewing("10.0.0.100"), broadcast_on()), Destination(Broadcast{7}));
  EXPECT_EQ(destination_of_nak(relayed(selecting("10.0.0.100"), "10.9.0.1"), broadcast_on()),
            Destination(ToRelay{ip("10.9.0.1")}));
}

TEST(Destination, IsToldToAPerson) {
  EXPECT_EQ(to_string(ToRelay{ip("10.9.0.1")}), "relay 10.9.0.1:67");
  EXPECT_EQ(to_string(RawUnicast{yiaddr, mac(4), 7}), "10.0.0.100 at 52:54:00:77:00:04");
}

}  // namespace
}  // namespace slipway::dhcp
