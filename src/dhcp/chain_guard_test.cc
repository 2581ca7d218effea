// SPDX-License-Identifier: MPL-2.0
#include "dhcp/chain_guard.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using test::mac;
using test::start;

TEST(ChainGuard, LetsTheSameProgramAskAgain) {
  ChainGuard guard;
  EXPECT_TRUE(guard.allows(mac(1), 10, start));
  guard.note(mac(1), 10, start);
  EXPECT_TRUE(guard.allows(mac(1), 10, start));
}

TEST(ChainGuard, StopsTheProgramThatWasLoadedHoweverOftenItAsks) {
  ChainGuard guard;
  guard.note(mac(1), 10, start);
  EXPECT_FALSE(guard.allows(mac(1), 11, start));
  EXPECT_FALSE(guard.allows(mac(1), 11, start + std::chrono::seconds{4}));
  EXPECT_TRUE(guard.allows(mac(2), 11, start));
}

TEST(ChainGuard, LetsTheRomOfAMachineThatWasResetLoadAgain) {
  ChainGuard guard;
  guard.note(mac(1), 10, start);
  EXPECT_FALSE(guard.allows(mac(1), 11, start));
  EXPECT_TRUE(guard.allows(mac(1), 12, start));
}

TEST(ChainGuard, ForgetsAfterAWhile) {
  ChainGuard guard;
  guard.note(mac(1), 10, start);
  EXPECT_TRUE(guard.allows(mac(1), 11, start + std::chrono::minutes{6}));
}

}  // namespace
}  // namespace slipway::dhcp
