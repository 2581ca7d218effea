// SPDX-License-Identifier: MPL-2.0
#include "server/known_clients.h"

#include <gtest/gtest.h>

namespace slipway::server {
namespace {

model::Client client(std::uint8_t last, Ipv4 address) {
  model::Client made;
  made.mac = {{2, 0, 0, 0, 0, last}};
  made.address = address;
  made.arch = model::Arch::bios;
  return made;
}

constexpr Ipv4 here{0x0a000001}, there{0x0a000002};

}  // namespace

TEST(KnownClients, RemembersWhatTheLastPacketSaid) {
  KnownClients known;
  known.learn(client(1, here));
  EXPECT_EQ(known.get({{2, 0, 0, 0, 0, 1}}).arch, model::Arch::bios);
  EXPECT_EQ(known.at(here)->mac, (MacAddress{{2, 0, 0, 0, 0, 1}}));
  EXPECT_FALSE(known.get({{2, 0, 0, 0, 0, 9}}).arch);
}

TEST(KnownClients, LeavesAnAddressToWhoeverHasItNow) {
  KnownClients known;
  known.learn(client(1, here));
  known.learn(client(2, here));
  known.learn(client(1, there));
  ASSERT_TRUE(known.at(here));
  EXPECT_EQ(known.at(here)->mac, (MacAddress{{2, 0, 0, 0, 0, 2}}));
  EXPECT_EQ(known.at(there)->mac, (MacAddress{{2, 0, 0, 0, 0, 1}}));
}

TEST(KnownClients, TakesNobodysWordForWhoseAnAddressIs) {
  KnownClients known;
  known.learn_given(client(1, here));
  known.learn(client(2, here));
  EXPECT_EQ(known.at(here)->mac, (MacAddress{{2, 0, 0, 0, 0, 2}}));
  EXPECT_EQ(known.holder_of(here), (MacAddress{{2, 0, 0, 0, 0, 1}}));
  known.learn(client(1, there));
  EXPECT_EQ(known.holder_of(here), (MacAddress{{2, 0, 0, 0, 0, 1}})) << "it still has what it was given";
  EXPECT_FALSE(known.holder_of(there));
  known.learn_given(client(2, here));
  known.learn(client(1, there));
  EXPECT_EQ(known.holder_of(here), (MacAddress{{2, 0, 0, 0, 0, 2}})) << "it was given to another since";
}

TEST(KnownClients, KnowsTheAddressesOfAMachinesSystemToo) {
  KnownClients known;
  known.note_given({{2, 0, 0, 0, 0, 1}}, here);
  EXPECT_FALSE(known.holder_of(here)) << "no machine that boots";
  known.learn_given(client(1, here));
  known.note_given({{2, 0, 0, 0, 0, 1}}, there);
  EXPECT_EQ(known.holder_of(here), (MacAddress{{2, 0, 0, 0, 0, 1}}));
  EXPECT_EQ(known.holder_of(there), (MacAddress{{2, 0, 0, 0, 0, 1}}));
  EXPECT_EQ(known.get({{2, 0, 0, 0, 0, 1}}).arch, model::Arch::bios) << "what its firmware said";
  for (std::uint32_t more = 3; more < 7; ++more)
    known.note_given({{2, 0, 0, 0, 0, 1}}, Ipv4{0x0a000000 + more});
  EXPECT_FALSE(known.holder_of(here)) << "long ago";
}

TEST(KnownClients, ForgetsTheOneHeardOfLeastRecently) {
  KnownClients known(2);
  known.learn(client(1, here));
  known.learn(client(2, there));
  known.learn(client(1, here));
  known.learn(client(3, Ipv4{0x0a000003}));
  EXPECT_FALSE(known.at(there));
  EXPECT_TRUE(known.at(here));
}

}  // namespace slipway::server
