// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>
#include <poll.h>

#include "net/arp.h"
#include "net/interfaces.h"
#include "net/test_namespace.h"

namespace slipway::net {
namespace {

const MacAddress ours{{2, 0, 0, 0, 0, 1}}, theirs{{2, 0, 0, 0, 0, 2}};
const Ipv4 server{0x0a090901}, host{0x0a090902}, nobody{0x0a090963};

/// Two ends of a cable; `theirs` has the host's address.
void join_ends() {
  ip("link add ours address " + ours.to_string() + " type veth peer name theirs address " +
     theirs.to_string());
  ip("link set theirs up");
  ip("link set ours up");
  // Only one of our two interfaces may answer for the address.
  ASSERT_EQ(std::system("sysctl -qw net.ipv4.conf.all.arp_ignore=1"), 0);
  ip("address add " + host.to_string() + "/24 dev theirs");
}

std::vector<ArpReply> heard_within(ArpSocket& socket, int milliseconds) {
  pollfd waiting{socket.fd(), POLLIN, 0};
  return ::poll(&waiting, 1, milliseconds) == 1 ? socket.receive() : std::vector<ArpReply>();
}

TEST(ArpSocket, IsAnsweredByTheHostThatHasTheAddressAndByNobodyElse) {
  bool made = in_new_namespace([] {
    join_ends();
    ArpSocket socket;
    unsigned index = find_interface(list_interfaces(), "ours")->index;
    // Not from an address of ours: this kernel knows both ends, and would take it for a forgery.
    ASSERT_FALSE(socket.ask({index, ours, Ipv4::any(), host}));
    auto heard = heard_within(socket, 2000);
    ASSERT_EQ(heard.size(), 1u);
    EXPECT_EQ(heard[0].mac, theirs);
    EXPECT_EQ(heard[0].address, host);
    EXPECT_EQ(heard[0].interface, index);
    ASSERT_FALSE(socket.ask({index, ours, Ipv4::any(), nobody}));
    EXPECT_TRUE(heard_within(socket, 100).empty());
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(ArpSocket, ReportsAnInterfaceThatIsNotThere) {
  bool made = in_new_namespace([] { EXPECT_TRUE(ArpSocket().ask({4711, ours, server, host})); });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
