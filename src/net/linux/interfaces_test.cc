// SPDX-License-Identifier: MPL-2.0
// What Linux tells of a link beyond its addresses.
#include "net/interfaces.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "net/test_namespace.h"

namespace slipway::net {
namespace {

TEST(InterfacesOnLinux, TellEveryFactAboutALink) {
  bool made = in_new_namespace([] {
    ip("link add eth1 address 02:00:00:00:00:01 mtu 9000 type veth peer name peer");
    std::vector<Interface> all = list_interfaces();
    const Interface* eth1 = find_interface(all, "eth1");
    ASSERT_NE(eth1, nullptr);
    EXPECT_EQ(eth1->mac, *MacAddress::parse("02:00:00:00:00:01"));
    EXPECT_EQ(eth1->mtu, 9000u);
    EXPECT_FALSE(eth1->up);
    EXPECT_FALSE(eth1->loopback);
    EXPECT_FALSE(eth1->link_local) << "IPv6 begins when the link is set up";
    ip("link set eth1 up");
    EXPECT_TRUE(find_interface(list_interfaces(), "eth1")->up);
    EXPECT_FALSE(find_interface(list_interfaces(), "eth1")->running) << "the peer is down: no carrier";
    ip("link set peer up");
    auto has_carrier = [] { return find_interface(list_interfaces(), "eth1")->running; };
    for (int i = 0; i < 50 && !has_carrier(); ++i) ::poll(nullptr, 0, 100);  // the kernel tells it late
    EXPECT_TRUE(has_carrier());
    auto has_link_local = [] { return find_interface(list_interfaces(), "eth1")->link_local.has_value(); };
    for (int i = 0; i < 50 && !has_link_local(); ++i) ::poll(nullptr, 0, 100);
    EXPECT_TRUE(has_link_local());
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
