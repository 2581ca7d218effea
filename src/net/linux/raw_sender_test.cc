// SPDX-License-Identifier: MPL-2.0
#include "net/raw_sender.h"

#include <algorithm>
#include <cerrno>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sys/socket.h>

#include "net/interfaces.h"
#include "net/test_namespace.h"
#include "net/test_offer.h"
#include "net/udp_socket.h"

namespace slipway::net {
namespace {

class Segment {
 public:
  Segment() {
    ip("link set lo up");
    ip("link add ours address " + server_mac.to_string() + " type veth peer name theirs address " +
       client_mac.to_string());
    ip("link set theirs up");
    // Last: only the end that finds the other one up has its carrier, and sends, at once.
    ip("link set ours up");
    ip("address add " + client.to_string() + "/24 dev theirs");
  }
  unsigned index(const char* name) const { return find_interface(list_interfaces(), name)->index; }
};

bool readable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, 2000) == 1;
}

TEST(RawSender, ReachesTheMacGivenAndTheReceiversKernelTakesTheDatagram) {
  bool made = in_new_namespace([] {
    Segment segment;
    UdpOptions options;
    options.local = {client, 68};
    UdpSocket receiver = UdpSocket::bind(options);
    RawSender sender;
    Bytes payload(301, 7);
    RawDatagram datagram = offer(payload);
    datagram.interface = segment.index("ours");
    ASSERT_EQ(sender.send_batch({&datagram, 1}), 1u);

    ASSERT_TRUE(readable(receiver.fd()));
    DatagramBuffer buffer;
    auto batch = receiver.receive(buffer);
    ASSERT_EQ(batch.size(), 1u);
    EXPECT_EQ(batch[0].from, (Endpoint{server, 67}));
    EXPECT_TRUE(std::ranges::equal(batch[0].bytes, payload));
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(RawSender, SendsABatchAndTellsWhichOneIsRefused) {
  bool made = in_new_namespace([] {
    Segment segment;
    UdpOptions options;
    options.local = {client, 68};
    UdpSocket receiver = UdpSocket::bind(options);
    RawSender sender;
    std::vector<RawDatagram> datagrams(150, offer(as_bytes("DHCPACK")));
    for (RawDatagram& datagram : datagrams) datagram.interface = segment.index("ours");
    datagrams[100].interface = 4711;
    ASSERT_EQ(sender.send_batch(datagrams), 100u);
    EXPECT_EQ(sender.take_error().value(), ENXIO);
    ASSERT_EQ(sender.send_batch(std::span(datagrams).subspan(101)), 49u);

    std::size_t received = 0;
    DatagramBuffer buffer;
    while (received < 149 && readable(receiver.fd())) received += receiver.receive(buffer).size();
    EXPECT_EQ(received, 149u);
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(RawSender, SendsToAnAddressThatNobodyOwnsYetWithoutAsking) {
  bool made = in_new_namespace([] {
    Segment segment;
    sockaddr_ll on_theirs{};
    on_theirs.sll_family = AF_PACKET;
    on_theirs.sll_protocol = htons(ETH_P_ALL);
    on_theirs.sll_ifindex = static_cast<int>(segment.index("theirs"));
    UniqueFd tap(::socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
    ASSERT_EQ(::bind(tap.get(), reinterpret_cast<sockaddr*>(&on_theirs), sizeof on_theirs), 0);

    RawSender sender;
    RawDatagram datagram = offer(as_bytes("DHCPOFFER"));
    datagram.interface = segment.index("ours");
    datagram.to.address = {0x0a090963};
    ASSERT_EQ(sender.send_batch({&datagram, 1}), 1u);

    Bytes frame(2000);
    while (readable(tap.get())) {
      ssize_t size = ::recv(tap.get(), frame.data(), frame.size(), 0);
      ASSERT_GT(size, 14);
      ASSERT_FALSE(frame[12] == 8 && frame[13] == 6) << "an ARP request left";
      if (frame[12] == 8 && frame[13] == 0) {
        frame.resize(static_cast<std::size_t>(size));
        break;
      }
    }
    EXPECT_EQ(frame, ethernet_frame(datagram));
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(RawSender, ReportsAnInterfaceThatIsNotThereAndAPayloadThatNoDatagramHolds) {
  bool made = in_new_namespace([] {
    RawSender sender;
    RawDatagram datagram = offer(as_bytes("x"));
    datagram.interface = 4711;
    EXPECT_EQ(sender.send_batch({&datagram, 1}), 0u);
    EXPECT_EQ(sender.take_error().value(), ENXIO);
    Bytes large(65508);
    datagram = offer(large);
    EXPECT_EQ(sender.send_batch({&datagram, 1}), 0u);
    EXPECT_EQ(sender.take_error().value(), EMSGSIZE);
    EXPECT_FALSE(sender.take_error()) << "it is forgotten once it was told";
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
