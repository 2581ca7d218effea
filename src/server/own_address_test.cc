// SPDX-License-Identifier: MPL-2.0
#include "server/own_address.h"

#include <gtest/gtest.h>

#include "boot/test_plan.h"

namespace slipway::server {
namespace {

TEST(OwnAddress, LiesOnTheInterfaceWithAnAddressInTheSubnet) {
  model::Draft draft = boot::testing::draft();
  draft.server.interfaces = {"eth1", "eth2"};
  model::Subnet beside, far;
  beside.network = *Prefix::parse("10.99.100.0/24");
  far.network = *Prefix::parse("10.99.101.0/24");
  beside.shared_network = "rack";
  draft.subnets[0].shared_network = "rack";
  draft.subnets[0].interface = "";
  draft.subnets.push_back(beside);
  draft.subnets.push_back(far);
  auto plan = boot::testing::plan_of(draft);

  std::vector<net::Interface> interfaces(2);
  interfaces[0].name = "eth1";
  interfaces[1].name = "eth2";
  interfaces[1].ipv4 = {{*Ipv4::parse("10.99.99.1"), *Prefix::parse("10.99.99.0/24")}};
  EXPECT_EQ(interface_of(*plan, plan->subnets()[0], interfaces), "eth2");
  EXPECT_EQ(interface_of(*plan, plan->subnets()[1], interfaces), "eth2") << "it shares the wire";
  EXPECT_EQ(interface_of(*plan, plan->subnets()[2], interfaces), "") << "machines of it come through a relay";
}

}  // namespace
}  // namespace slipway::server
