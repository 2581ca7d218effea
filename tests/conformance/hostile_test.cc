// SPDX-License-Identifier: MPL-2.0
// Broken packets: the server lives, answers the next good one, and its store loads again. And BOOTP, whose
// packets look broken to a DHCP server.
#include "conformance/server.h"

namespace slipway::conformance {
namespace {

constexpr std::size_t cookie_at = 236, options_at = 240;

Bytes bytes_of(const DhcpMessage& message) {
  return wire::serialize(message, 1472).bytes;
}
/// What stands in the place of the options, however wrong.
Bytes with_tail(const DhcpMessage& message, Bytes tail) {
  Bytes bytes = bytes_of(message);
  bytes.resize(options_at);
  bytes.insert(bytes.end(), tail.begin(), tail.end());
  return bytes;
}

std::vector<Bytes> broken_of(const DhcpMessage& good) {
  std::uint8_t type = static_cast<std::uint8_t>(*good.options.get<opt::MessageType>());
  DhcpMessage long_id = good, other_hardware = good, empty_names = good, no_hardware = good;
  long_id.options.set<opt::ClientId>(Bytes(254, 0xee));
  other_hardware.htype = 44;
  empty_names.options.set_raw(12, {});
  empty_names.options.set_raw(15, {});
  no_hardware.htype = no_hardware.hlen = 0;
  no_hardware.chaddr.fill(0xab);
  Bytes late_cookie = bytes_of(good);
  late_cookie.insert(late_cookie.begin() + cookie_at, 144, 0x41);
  Bytes zeros_before_cookie = bytes_of(good);
  zeros_before_cookie.insert(zeros_before_cookie.begin() + cookie_at, 144, 0);
  Bytes nuls{53, 1, type, 12, 5, 'a', 0, 'b', 0, 'c', 15, 6, 0x63, 0x82, 0x53, 0x63, 0, 1, 255};
  return {bytes_of(long_id),
          bytes_of(other_hardware),
          bytes_of(empty_names),
          bytes_of(no_hardware),
          with_tail(good, {53, 1, type, 12, 255, 'a', 'b'}),
          with_tail(good, {53, 1, type, 15, 255}),
          with_tail(good, nuls),
          with_tail(good, {53, 1, type, 93, 255, 0, 7}),
          with_tail(good, {53}),
          with_tail(good, {53, 0, 255}),
          late_cookie,
          zeros_before_cookie};
}

TEST(BrokenPackets, HarmNobodyAndTheNextGoodDiscoverIsAnswered) {
  Server server(with_pool("10.0.0.100", "10.0.0.150"));
  for (const DhcpMessage& good : {discover(), selecting("10.0.0.101"), init_reboot("10.0.0.102")}) {
    for (const Bytes& broken : broken_of(good)) {
      server.send_bytes(broken);
      EXPECT_TRUE(std::holds_alternative<Answer>(server.send(discover(200)))) << "OFFER";
    }
  }
}

TEST(BrokenPackets, OneHundredAndOneOfThemKeepNoStoreFromLoading) {
  Server server(with_pool("10.0.0.100", "10.0.0.200"));
  int sent = 0;
  for (int client = 1; sent < 101; ++client) {
    for (const DhcpMessage& good :
         {discover(client), selecting("10.0.0." + std::to_string(100 + client), client)}) {
      for (const Bytes& broken : broken_of(good)) {
        server.send_bytes(broken);
        ++sent;
      }
    }
  }
  server.restart();
  EXPECT_TRUE(std::holds_alternative<Answer>(server.send(discover(200))));
  EXPECT_FALSE(server.stored().empty()) << "some of them got a lease";
}

// -- BOOTP ------------------------------------------------------------------------------------------

DhcpMessage bootp(int client = 1) {
  DhcpMessage message = discover(client);
  message.options.remove(opt::MessageType::code);
  return message;
}
model::Draft with_bootp() {
  model::Draft draft = site();
  draft.subnets[0].bootp = true;
  return draft;
}

TEST(Bootp, IsAnsweredWithoutWhatOnlyDhcpHasAndForEver) {
  Server server(with_bootp());
  const DhcpMessage reply = said(server.send(bootp()));
  EXPECT_EQ(reply.yiaddr, ip("10.0.0.100"));
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{51, 53, 58, 59})
    EXPECT_FALSE(reply.options.has(code));
  EXPECT_EQ(server.stored().at(0).expires, lease::forever);
  server.restart();
  server.now += std::chrono::hours{24 * 3650};
  EXPECT_EQ(said(server.send(bootp())).yiaddr, ip("10.0.0.100"));
}

TEST(Bootp, MayBeginItsOptionsWithFourZeros) {
  Server server(with_bootp());
  EXPECT_EQ(said(server.send_bytes(with_tail(bootp(), {0, 0, 0, 0, 255}))).yiaddr, ip("10.0.0.100"));
  Bytes nothing_at_all = bytes_of(bootp(2));
  nothing_at_all.resize(cookie_at);
  nothing_at_all.resize(300);
  EXPECT_EQ(said(server.send_bytes(nothing_at_all)).yiaddr, ip("10.0.0.101"));
}

TEST(Bootp, ThatTurnsToDhcpAndBackKeepsItsAddress) {
  Server server(with_bootp());
  server.lease_to(2, "10.0.0.100");
  EXPECT_EQ(said(server.send(bootp(1))).yiaddr, ip("10.0.0.101"));
  EXPECT_THAT(server.send(discover(1)), Offers("10.0.0.101"));
  EXPECT_THAT(server.send(selecting("10.0.0.101", 1)), Acks("10.0.0.101"));
  EXPECT_EQ(said(server.send(bootp(1))).yiaddr, ip("10.0.0.101"));
}

TEST(Bootp, HasPoolsOfItsOwnAsDhcpHas) {
  model::Draft draft = with_bootp();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100"), pool("10.0.0.101", "10.0.0.101")};
  draft.subnets[0].pools[0].protocol = model::Pool::Protocol::dhcp;
  draft.subnets[0].pools[1].protocol = model::Pool::Protocol::bootp;
  Server server(draft);
  EXPECT_EQ(said(server.send(bootp(1))).yiaddr, ip("10.0.0.101"));
  EXPECT_THAT(server.send(bootp(2)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(server.send(discover(2)), Offers("10.0.0.100"));
}

}  // namespace
}  // namespace slipway::conformance
