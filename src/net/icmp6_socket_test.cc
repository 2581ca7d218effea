// SPDX-License-Identifier: MPL-2.0
#include "net/icmp6_socket.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "base/result.h"
#include "net/interfaces.h"
#include "net/test_namespace.h"

namespace slipway::net {
namespace {

const Bytes solicitation{133, 0, 0, 0, 0, 0, 0, 0}, echo{128, 0, 0, 0, 0, 1, 0, 1};

/// Two ends of a wire, whose link-local addresses need no wait.
struct Wire {
  Wire() {
    ip("link add ours type veth peer name theirs");
    for (std::string end : {"ours", "theirs"}) {
      EXPECT_EQ(std::system(("sysctl -qw net.ipv6.conf." + end + ".accept_dad=0").c_str()), 0);
      ip("link set " + end + " up");
    }
    for (int i = 0; i < 50 && !(end("ours").link_local && end("theirs").link_local); ++i)
      ::poll(nullptr, 0, 100);
  }
  static Interface end(const char* name) { return *find_interface(list_interfaces(), name); }
};

std::optional<Icmp6Packet> next(Icmp6Socket& socket, int wait = 3000) {
  pollfd waiting{socket.fd(), POLLIN, 0};
  ::poll(&waiting, 1, wait);
  return socket.receive();
}

TEST(Icmp6Socket, HearsWhatIsSentToAllRoutersFromWhomAndHowFar) {
  bool made = in_new_namespace([] {
    Wire wire;
    Interface ours = wire.end("ours"), theirs = wire.end("theirs");
    Icmp6Socket receiver("ours", ours.index), sender("theirs", theirs.index);
    ASSERT_FALSE(sender.send(solicitation, *theirs.link_local, all_routers));
    std::optional<Icmp6Packet> packet;
    do packet = next(receiver);  // the kernel asks for routers, too
    while (packet && packet->source != *theirs.link_local);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->bytes[0], 133);
    EXPECT_EQ(packet->source, *theirs.link_local);
    EXPECT_EQ(packet->hop_limit, 255);
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(Icmp6Socket, HearsNothingButRouterMessagesAndNotItself) {
  bool made = in_new_namespace([] {
    Wire wire;
    Interface ours = wire.end("ours"), theirs = wire.end("theirs");
    Icmp6Socket receiver("ours", ours.index), sender("theirs", theirs.index);
    ASSERT_FALSE(sender.send(echo, *theirs.link_local, *ours.link_local));
    ASSERT_FALSE(receiver.send(solicitation, *ours.link_local, all_routers));
    while (auto packet = next(receiver, 500)) {
      EXPECT_EQ(packet->bytes[0], 133);
      EXPECT_NE(packet->source, *ours.link_local);
    }
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(Icmp6Socket, SaysWhyItCannotBeOpened) {
  bool made = in_new_namespace([] { EXPECT_THROW(Icmp6Socket("nosuch0", 4711), StartupError); });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
