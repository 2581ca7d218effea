// SPDX-License-Identifier: MPL-2.0
#include "net/icmp.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "net/checksum.h"
#include "net/test_namespace.h"

namespace slipway::net {
namespace {

constexpr std::uint64_t token = 0x1234'5678'9abc'def0;
const Ipv4 host{0x0a090902};

/// As a raw socket gives it: the IPv4 header, then the request turned into its answer.
Bytes reply_from(Ipv4 address) {
  ByteWriter packet;
  packet.u8(0x45);
  packet.zeros(8);
  packet.u8(1);
  packet.zeros(2);
  packet.u32(address.value);
  packet.zeros(4);
  Bytes message = echo_request(token, 7);
  message[0] = 0;
  packet.bytes(message);
  return std::move(packet).take();
}

TEST(EchoRequest, HasAChecksumThatIsRight) {
  Checksum sum;
  sum.add(ByteView(echo_request(token, 7)));
  EXPECT_EQ(sum.value(), 0);
}

TEST(EchoReply, IsHeardFromWhoeverSendsOurTokenBack) {
  EXPECT_EQ(parse_echo_reply(reply_from(host), token), host);
}

TEST(EchoReply, IsFoundBehindAHeaderWithOptions) {
  Bytes packet = reply_from(host);
  packet[0] = 0x46;
  packet.insert(packet.begin() + 20, 4, 0);
  EXPECT_EQ(parse_echo_reply(packet, token), host);
}

TEST(EchoReply, OfSomebodyElsesQuestionOrCutShortIsNone) {
  EXPECT_FALSE(parse_echo_reply(reply_from(host), token + 1));
  Bytes whole = reply_from(host);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_echo_reply(ByteView(whole).first(size), token)) << size;
  }
  for (std::size_t at : {0u, 9u, 20u, 21u, 24u, 28u, 35u}) {
    Bytes changed = whole;
    changed[at] ^= 0x40;
    EXPECT_FALSE(parse_echo_reply(changed, token)) << at;
  }
}

TEST(EchoSocket, IsAnsweredByAHostThatIsThere) {
  bool made = in_new_namespace([] {
    ip("link set lo up");
    ip("address add " + host.to_string() + "/32 dev lo");
    SeededRandom random(1), others(2);
    EchoSocket socket(random), other(others);
    ASSERT_FALSE(socket.ask(host));
    pollfd waiting{socket.fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 2000), 1);
    EXPECT_EQ(socket.receive(), std::vector{host});
    EXPECT_TRUE(other.receive().empty()) << "it heard what another asked";
    EXPECT_TRUE(socket.ask({0x0a0a0a0a})) << "there is no route";
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
