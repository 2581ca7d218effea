// SPDX-License-Identifier: MPL-2.0
#include "net/interface_monitor.h"

#include <gtest/gtest.h>

#include "net/interfaces.h"
#include "net/test_namespace.h"

namespace slipway::net {
namespace {

TEST(InterfaceMonitor, HasItLookedWhenALinkOrAnAddressIsNew) {
  bool made = in_new_namespace([] {
    Reactor reactor;
    std::vector<Interface> seen = list_interfaces();
    InterfaceMonitor monitor(reactor, [&] { seen = list_interfaces(); });
    auto sees = [&](auto what) {
      for (int turns = 0; turns < 20 && !what(); ++turns) reactor.turn(std::chrono::seconds(1));
      return what();
    };
    ip("link add eth1 type veth peer name peer");
    EXPECT_TRUE(sees([&] { return find_interface(seen, "eth1") != nullptr; }));
    ip("address add 10.99.99.1/24 dev eth1");
    EXPECT_TRUE(sees([&] { return find_interface(seen, "eth1")->ipv4.size() == 1; }));
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
