// SPDX-License-Identifier: MPL-2.0
#include "net/udp_socket.h"

#include <cerrno>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "base/random.h"
#include "net/test_namespace.h"

namespace slipway::net {
namespace {

const Ipv4 loopback{0x7f000001};
const Ipv4 second_loopback{0x7f000002};

UdpOptions any_port(Ipv4 address = loopback) {
  UdpOptions options;
  options.local = {address, 0};
  return options;
}

bool readable(const UdpSocket& socket) {
  pollfd fd{socket.fd(), POLLIN, 0};
  return ::poll(&fd, 1, 2000) == 1;
}

std::vector<std::string> receive_texts(UdpSocket& socket, std::size_t count) {
  DatagramBuffer buffer(64, 9000);
  std::vector<std::string> texts;
  while (texts.size() < count && readable(socket)) {
    auto batch = socket.receive(buffer);
    if (batch.empty()) break;
    for (const Datagram& datagram : batch) texts.emplace_back(as_text(datagram.bytes));
  }
  return texts;
}

TEST(UdpSocket, TellsWhenADatagramArrivedWhereThatIsAskedFor) {
  UdpOptions options = any_port();
  options.arrival_times = true;
  UdpSocket timed = UdpSocket::bind(options), untimed = UdpSocket::bind(any_port());
  auto waited = [&](UdpSocket& from, UdpSocket& to) {
    EXPECT_FALSE(from.send({to.local(), Bytes{1}}));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    DatagramBuffer buffer;
    auto batch = to.receive(buffer);
    EXPECT_EQ(batch.size(), 1u);
    return std::chrono::system_clock::now() - (batch.empty() ? Instant{} : batch[0].arrived);
  };
  // The kernel begins to look at its clock a moment after the first socket asks for it.
  int tries = 0;
  while (waited(untimed, timed) < std::chrono::milliseconds(15)) ASSERT_LT(++tries, 100);
  EXPECT_LT(waited(untimed, timed), std::chrono::seconds(60));
  EXPECT_GT(waited(timed, untimed), std::chrono::hours(24)) << "it was not asked for";
}

TEST(UdpSocket, TellsWhereADatagramCameFromAndWhereItArrived) {
  UdpSocket server = UdpSocket::bind(any_port(Ipv4::any()));
  UdpSocket client = UdpSocket::bind(any_port());
  Endpoint to{second_loopback, server.local().port};
  ASSERT_FALSE(client.send({to, as_bytes("hello")}));

  ASSERT_TRUE(readable(server));
  DatagramBuffer buffer;
  auto batch = server.receive(buffer);
  ASSERT_EQ(batch.size(), 1u);
  EXPECT_EQ(as_text(batch[0].bytes), "hello");
  EXPECT_EQ(batch[0].from, client.local());
  EXPECT_EQ(batch[0].to, second_loopback);
  EXPECT_EQ(batch[0].local, second_loopback);
  EXPECT_EQ(batch[0].interface, 1u);
  EXPECT_FALSE(batch[0].truncated);
  EXPECT_TRUE(server.receive(buffer).empty());
  EXPECT_FALSE(server.take_error());
}

TEST(UdpSocket, AnswersFromTheAddressItIsTold) {
  UdpSocket server = UdpSocket::bind(any_port(Ipv4::any()));
  UdpSocket client = UdpSocket::bind(any_port());
  ASSERT_FALSE(server.send({client.local(), as_bytes("x"), second_loopback, 1}));
  ASSERT_TRUE(readable(client));
  DatagramBuffer buffer;
  EXPECT_EQ(client.receive(buffer)[0].from.address, second_loopback);
}

TEST(UdpSocket, MarksWhatWasLongerThanItsSlot) {
  UdpSocket server = UdpSocket::bind(any_port());
  UdpSocket client = UdpSocket::bind(any_port());
  ASSERT_FALSE(client.send({server.local(), as_bytes("123456789")}));
  ASSERT_FALSE(client.send({server.local(), as_bytes("12345678")}));
  ASSERT_TRUE(readable(server));
  DatagramBuffer buffer(4, 8);
  auto batch = server.receive(buffer);
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_TRUE(batch[0].truncated);
  EXPECT_EQ(batch[0].bytes.size(), 8u);
  EXPECT_FALSE(batch[1].truncated);
}

TEST(UdpSocket, ReceivesMoreThanABatchInOrder) {
  UdpSocket server = UdpSocket::bind(any_port());
  UdpSocket client = UdpSocket::bind(any_port());
  std::vector<std::string> texts;
  std::vector<Outgoing> outgoing;
  for (int i = 0; i < 150; ++i) texts.push_back(std::to_string(i));
  for (const std::string& text : texts) outgoing.push_back({server.local(), as_bytes(text)});
  EXPECT_EQ(client.send_batch(outgoing), 150u);
  EXPECT_EQ(receive_texts(server, 150), texts);
}

TEST(UdpSocket, GetsAGenerousReceiveBuffer) {
  UdpSocket server = UdpSocket::bind(any_port());
  EXPECT_GE(server.receive_buffer(), 212'992);
}

TEST(UdpSocket, NamesThePortThatIsTakenAndTheRemedy) {
  UdpSocket first = UdpSocket::bind(any_port());
  UdpOptions options;
  options.local = first.local();
  options.purpose = "TFTP server";
  try {
    UdpSocket::bind(options);
    FAIL() << "two sockets on one port";
  } catch (const StartupError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("UDP port " + std::to_string(first.local().port) +
                                                 " on 127.0.0.1 is in "
                                                 "use: another TFTP server runs here; stop it"));
  }
}

TEST(UdpSocket, SaysWhichAddressOrInterfaceIsMissing) {
  UdpOptions elsewhere = any_port(Ipv4{0xc0000201});  // 192.0.2.1, RFC 5737
  EXPECT_THAT([&] { UdpSocket::bind(elsewhere); },
              testing::ThrowsMessage<StartupError>(testing::HasSubstr("does not own the address")));
  UdpOptions nowhere = any_port();
  nowhere.device = "nosuch0";
  EXPECT_THAT([&] { UdpSocket::bind(nowhere); },
              testing::ThrowsMessage<StartupError>(testing::HasSubstr("no such interface")));
}

struct Connected {
  UdpSocket client = UdpSocket::bind(any_port());
  UdpSocket server = *UdpSocket::connect(second_loopback, client.local());
};

TEST(UdpSocket, ConnectedUsesAFreshPortOfTheAddressAsked) {
  Connected pair;
  EXPECT_EQ(pair.server.local().address, second_loopback);
  EXPECT_NE(pair.server.local().port, 0);
  EXPECT_GE(pair.server.path_mtu(), 1500u);
}

TEST(UdpSocket, ConnectedRefusesASourceThatIsNotOurs) {
  auto refused = UdpSocket::connect({0xc0000201}, {loopback, 9});
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code.value(), EADDRNOTAVAIL);
  EXPECT_EQ(refused.error().doing, "bind to 192.0.2.1");
}

TEST(UdpSocket, ConnectedHearsItsPeerAlone) {
  Connected pair;
  UdpSocket stranger = UdpSocket::bind(any_port());
  ASSERT_FALSE(stranger.send({pair.server.local(), as_bytes("stranger")}));
  ASSERT_FALSE(pair.client.send({pair.server.local(), as_bytes("peer")}));
  EXPECT_EQ(receive_texts(pair.server, 1), std::vector<std::string>{"peer"});
}

TEST(UdpSocket, ConnectedReceivesOneAndTellsWhetherItWasWhole) {
  UdpSocket peer = UdpSocket::bind(any_port());
  auto own = UdpSocket::connect(loopback, peer.local());
  ASSERT_TRUE(own);
  DatagramBuffer buffer(1, 4);
  EXPECT_TRUE(own->receive_one(buffer).empty());
  EXPECT_FALSE(own->take_error());
  for (const char* text : {"four", "fifth"}) ASSERT_FALSE(peer.send({own->local(), as_bytes(text)}));
  ASSERT_TRUE(readable(*own));
  auto whole = own->receive_one(buffer);
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(as_text(whole[0].bytes), "four");
  EXPECT_FALSE(whole[0].truncated);
  ASSERT_TRUE(readable(*own));
  auto cut = own->receive_one(buffer);
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_EQ(as_text(cut[0].bytes), "fift");
  EXPECT_TRUE(cut[0].truncated);
}

TEST(UdpSocket, ConnectedTellsThatThePeerClosedItsPort) {
  Connected pair;
  { UdpSocket gone = std::move(pair.client); }
  std::string text = "x";
  Gather packet{as_bytes(text), {}};
  pair.server.send_train({&packet, 1});
  ASSERT_TRUE(readable(pair.server));
  DatagramBuffer buffer;
  EXPECT_TRUE(pair.server.receive(buffer).empty());
  EXPECT_EQ(pair.server.take_error().value(), ECONNREFUSED);
  EXPECT_FALSE(pair.server.take_error());
}

struct Train {
  std::vector<std::string> heads, bodies, expected;
  std::vector<Gather> packets;

  Train(std::size_t count, std::size_t size, std::size_t last) {
    SeededRandom random(3);
    for (std::size_t i = 0; i < count; ++i) {
      heads.push_back(std::to_string(1000 + i));
      bodies.emplace_back(i + 1 == count ? last : size, static_cast<char>('a' + random.below(26)));
      expected.push_back(heads.back() + bodies.back());
    }
    for (std::size_t i = 0; i < count; ++i) packets.push_back({as_bytes(heads[i]), as_bytes(bodies[i])});
  }
};

TEST(UdpSocket, SendsATrainOfPacketsWithTheirLimitsKept) {
  struct Case {
    std::size_t count, size, last;
  };
  // One; a window; a short end; an empty end; more than 64 segments; more than 65,507 bytes.
  for (Case c : {Case{1, 100, 100}, Case{16, 1464, 1464}, Case{16, 512, 7}, Case{5, 512, 0}, Case{130, 8, 8},
                 Case{64, 1464, 1000}, Case{3, 8000, 8000}}) {
    for (bool segmented : {true, false}) {
      Connected pair;
      pair.server.segment_trains(segmented);
      Train train(c.count, c.size, c.last);
      EXPECT_EQ(pair.server.send_train(train.packets), c.count);
      EXPECT_EQ(receive_texts(pair.client, c.count), train.expected) << c.count << " of " << c.size;
    }
  }
}

TEST(UdpSocket, SendsATrainToAnyPeerFromTheAddressItIsToldTo) {
  UdpSocket client = UdpSocket::bind(any_port());
  UdpSocket server = UdpSocket::bind(any_port(Ipv4::any()));
  for (bool segmented : {true, false}) {
    server.segment_trains(segmented);
    Train train(16, 512, 7);
    EXPECT_EQ(server.send_train(train.packets, Route{client.local(), {0x7f000002}}), 16u);
    DatagramBuffer buffer;
    auto batch = client.receive(buffer);
    ASSERT_FALSE(batch.empty());
    EXPECT_EQ(batch[0].from, (Endpoint{{0x7f000002}, server.local().port}));
    std::vector<std::string> texts;
    for (const Datagram& datagram : batch) texts.emplace_back(as_text(datagram.bytes));
    EXPECT_EQ(texts, train.expected);
  }
}

TEST(UdpSocket, SendsBlocksLargerThanThePathInFragments) {
  bool made = in_new_namespace([] {
    ip("link set lo up");
    ip("link add ours type veth peer name theirs");
    ip("address add 10.9.9.1/24 dev ours");
    ip("link set ours up");
    ip("link set theirs up");
    ip("neighbour add 10.9.9.2 lladdr 02:00:00:00:00:02 dev ours nud permanent");
    auto socket = UdpSocket::connect({0x0a090901}, {{0x0a090902}, 5000});
    ASSERT_TRUE(socket.has_value());
    EXPECT_EQ(socket->path_mtu(), 1500u);
    Train large(4, 4000, 10);
    EXPECT_EQ(socket->send_train(large.packets), 4u);
    Train window(16, 1464, 3);
    EXPECT_EQ(socket->send_train(window.packets), 16u);
    EXPECT_FALSE(socket->take_error());
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(UdpSocket, BindsToOneInterface) {
  bool made = in_new_namespace([] {
    ip("link set lo up");
    ip("link add ours type veth peer name theirs");
    ip("address add 10.9.9.1/24 dev ours");
    ip("link set ours up");
    UdpOptions on_ours = any_port(Ipv4::any());
    on_ours.device = "ours";
    UdpSocket server = UdpSocket::bind(on_ours);
    UdpSocket client = UdpSocket::bind(any_port());
    ASSERT_FALSE(client.send({{loopback, server.local().port}, as_bytes("x")}));
    DatagramBuffer buffer;
    EXPECT_TRUE(server.receive(buffer).empty());
  });
  if (!made) GTEST_SKIP() << "needs the right to make a network namespace";
}

}  // namespace
}  // namespace slipway::net
