// SPDX-License-Identifier: MPL-2.0
#include "net/packet_tap.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "net/interfaces.h"
#include "net/raw_sender.h"
#include "net/test_namespace.h"

namespace slipway::net {
namespace {

const MacAddress ours{{2, 0, 0, 0, 0, 1}}, theirs{{2, 0, 0, 0, 0, 2}}, stranger{{2, 0, 0, 0, 0, 3}};
const MacAddress everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

std::vector<TappedPacket> heard(PacketTap& tap, int milliseconds = 2000) {
  pollfd waiting{tap.fd(), POLLIN, 0};
  return ::poll(&waiting, 1, milliseconds) == 1 ? tap.receive() : std::vector<TappedPacket>();
}

TEST(PacketTap, HearsTheClientPortOnEveryLinkAndNothingElse) {
  bool made = in_new_namespace([] {
    ip("link add ours address " + ours.to_string() + " type veth peer name theirs address " +
       theirs.to_string());
    ip("link set theirs up");
    ip("link set ours up");
    PacketTap tap(68);
    RawSender sender;
    RawDatagram datagram;
    datagram.interface = find_interface(list_interfaces(), "theirs")->index;
    datagram.interface_mac = stranger;
    datagram.to_mac = everybody;
    datagram.from = {{0x0a000009}, 67};
    datagram.to = {Ipv4::broadcast(), 67};
    datagram.bytes = as_bytes("to servers");
    ASSERT_EQ(sender.send_batch({&datagram, 1}), 1u);
    datagram.to.port = 68;
    datagram.bytes = as_bytes("to clients");
    ASSERT_EQ(sender.send_batch({&datagram, 1}), 1u);

    auto packets = heard(tap);
    ASSERT_EQ(packets.size(), 1u) << "once, though this machine sent it as well";
    EXPECT_EQ(packets[0].interface, find_interface(list_interfaces(), "ours")->index);
    EXPECT_EQ(packets[0].from, stranger);
    EXPECT_EQ(packets[0].bytes[0], 0x45);
    EXPECT_EQ(as_text(packets[0].bytes).substr(28), "to clients");
    EXPECT_TRUE(heard(tap, 50).empty());
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
