// SPDX-License-Identifier: MPL-2.0
#include "net/interfaces.h"

#include <gtest/gtest.h>

#include "net/test_namespace.h"

namespace slipway::net {
namespace {

TEST(Interfaces, ListTheLoopbackAndNothingThatIsNotThere) {
  std::vector<Interface> all = list_interfaces();
  const Interface* loopback = find_interface(all, "lo");
  ASSERT_NE(loopback, nullptr);
  EXPECT_EQ(loopback, find_interface(all, loopback->index));
  EXPECT_TRUE(loopback->loopback);
  EXPECT_EQ(find_interface(all, "nosuch0"), nullptr);
  EXPECT_EQ(find_interface(all, 4711u), nullptr);
}

TEST(Interfaces, TellTheAddressesOfALinkUnderEachOfItsNames) {
  bool made = in_new_namespace([] {
    ip("link add eth1 type veth peer name peer");
    ip("address add 10.99.99.1/24 dev eth1");
    ip("address add 10.99.98.1/22 dev eth1 label eth1:1");
    std::vector<Interface> all = list_interfaces();
    const Interface* eth1 = find_interface(all, "eth1");
    ASSERT_NE(eth1, nullptr);
    EXPECT_EQ(eth1->ipv4,
              (std::vector<InterfaceAddress>{{*Ipv4::parse("10.99.99.1"), *Prefix::parse("10.99.99.0/24")},
                                             {*Ipv4::parse("10.99.98.1"), *Prefix::parse("10.99.96.0/22")}}));
    EXPECT_FALSE(eth1->up);
    EXPECT_EQ(find_interface(all, "eth1:1"), nullptr);
    EXPECT_FALSE(find_interface(all, "lo")->up);
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
