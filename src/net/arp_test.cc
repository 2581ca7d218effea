// SPDX-License-Identifier: MPL-2.0
#include "net/arp.h"

#include <gtest/gtest.h>

namespace slipway::net {
namespace {

const MacAddress theirs{{2, 0, 0, 0, 0, 2}};
const Ipv4 server{0x0a090901}, host{0x0a090902};

Bytes reply_of(MacAddress mac, Ipv4 address) {
  Bytes packet = arp_request({0, mac, address, server});
  packet[7] = 2;
  return packet;
}

TEST(ArpReply, IsReadFromTheStationThatSendsIt) {
  auto heard = parse_arp_reply(reply_of(theirs, host));
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->mac, theirs);
  EXPECT_EQ(heard->address, host);
}

TEST(ArpReply, MayBePaddedAsShortFramesAre) {
  Bytes packet = reply_of(theirs, host);
  packet.resize(46);
  EXPECT_TRUE(parse_arp_reply(packet));
}

TEST(ArpReply, IsNoRequestAndNothingCutOrForeign) {
  EXPECT_FALSE(parse_arp_reply(arp_request({0, theirs, host, server})));
  Bytes whole = reply_of(theirs, host);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_arp_reply(ByteView(whole).first(size))) << size;
  }
  for (std::size_t at : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
    Bytes changed = whole;
    changed[at] ^= 0x40;
    EXPECT_FALSE(parse_arp_reply(changed)) << at;
  }
}

TEST(ArpReply, NamesAStationAndAnAddress) {
  EXPECT_FALSE(parse_arp_reply(reply_of({}, host)));
  EXPECT_FALSE(parse_arp_reply(reply_of({{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, host)));
  EXPECT_FALSE(parse_arp_reply(reply_of(theirs, Ipv4::any())));
}

}  // namespace
}  // namespace slipway::net
