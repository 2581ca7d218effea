// SPDX-License-Identifier: MPL-2.0
#include "lease/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lease/test_clients.h"

namespace slipway::lease {
namespace {

using testing::UnorderedElementsAre;

Rules rules_of(Prefix network) {
  model::Draft draft;
  draft.server.interfaces = {"eth1"};
  model::Subnet subnet;
  subnet.network = network;
  subnet.routers = {{network.network.value + 1}};
  if (network.length < 31) subnet.relays = {{network.network.value + 2}};
  if (network.length < 31) {
    model::Pool pool;
    pool.range = {{network.network.value + 4}, {network.network.value + 6}};
    subnet.pools = {pool};
  }
  draft.subnets = {subnet};
  if (network.length < 31) {
    model::Machine machine;
    machine.name = "node1";
    machine.macs = {mac(1)};
    machine.address = Ipv4{network.network.value + 5};
    draft.machines = {machine};
  }
  auto plan = model::Plan::build(std::move(draft), {});
  if (!plan) {
    for (const Problem& problem : plan.error().problems) ADD_FAILURE() << problem.to_string();
    return {};
  }
  std::vector<Ipv4> own{{network.network.value + 3}};
  return Rules::from(**plan, own);
}

TEST(Rules, ExcludeTheNetworkItsBroadcastOurselvesRoutersAndRelays) {
  Rules rules = rules_of(Prefix{address(0x100), 29});
  EXPECT_THAT(rules.excluded, UnorderedElementsAre(address(0x100), address(0x101), address(0x102),
                                                   address(0x103), address(0x107)));
  EXPECT_THAT(rules.reserved, UnorderedElementsAre(address(0x105)));
  ASSERT_EQ(rules.pools.size(), 1u);
  EXPECT_EQ(rules.pools[0].first, address(0x104));
  EXPECT_EQ(rules.pools[0].last, address(0x106));
}

TEST(Rules, LeaveBothAddressesOfAPointToPointLinkInUse) {
  Rules rules = rules_of(Prefix{address(0x100), 31});
  EXPECT_THAT(rules.excluded, UnorderedElementsAre(address(0x101), address(0x103)));  // router, ourselves
}

}  // namespace
}  // namespace slipway::lease
