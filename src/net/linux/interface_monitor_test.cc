// SPDX-License-Identifier: MPL-2.0
#include "net/interface_monitor.h"

#include <gtest/gtest.h>

#include "net/test_namespace.h"

namespace slipway::net {
namespace {

TEST(InterfaceMonitorOnLinux, WakesAtOnceAndIsQuietOtherwise) {
  bool made = in_new_namespace([] {
    Reactor reactor;
    int looks = 0;
    InterfaceMonitor monitor(reactor, [&] { ++looks; });
    EXPECT_FALSE(reactor.turn(Duration::zero()));
    ip("link add eth1 type veth peer name peer");
    EXPECT_TRUE(reactor.turn(std::chrono::seconds(2)));
    EXPECT_FALSE(reactor.turn(Duration::zero()));
    EXPECT_EQ(looks, 1);
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
