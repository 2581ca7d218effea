// SPDX-License-Identifier: MPL-2.0
#include "lease/client_key.h"

#include <gtest/gtest.h>

namespace slipway::lease {
namespace {

const MacAddress mac{{1, 2, 3, 4, 5, 6}};

TEST(ClientKey, TellsAnIdentifierFromAHardwareAddressOfTheSameBytes) {
  EXPECT_NE(ClientKey::of_mac(mac), ClientKey::of_client_id(mac.bytes));
  EXPECT_EQ(ClientKey::of_mac(mac), ClientKey::of_mac(mac));
}

TEST(ClientKey, OfAnEmptyIdentifierIsNotNobody) {
  EXPECT_NE(ClientKey::of_client_id({}), ClientKey());
  EXPECT_TRUE(ClientKey().is_nobody());
}

TEST(ClientKey, ComesBackFromTheStore) {
  for (const ClientKey& key : {ClientKey(), ClientKey::of_mac(mac), ClientKey::of_client_id({})}) {
    EXPECT_EQ(ClientKey::from_stored(key.stored()), key);
  }
  EXPECT_EQ(ClientKey::from_stored(as_bytes("x123")), std::nullopt);
}

TEST(ClientKey, IsPrintedForPeople) {
  EXPECT_EQ(ClientKey::of_mac(mac).to_string(), "mac 01:02:03:04:05:06");
  EXPECT_EQ(ClientKey::of_client_id(Bytes{0xff, 0}).to_string(), "client id ff00");
  EXPECT_EQ(ClientKey().to_string(), "nobody");
}

TEST(ClientKey, HashesTheSameEverywhere) {
  EXPECT_EQ(ClientKey::of_mac(MacAddress{{0x52, 0x54, 0, 0, 0, 1}}).stable_hash(), 1341207958937083897u);
  EXPECT_NE(ClientKey::of_mac(MacAddress{{0x52, 0x54, 0, 0, 0, 1}}).stable_hash(),
            ClientKey::of_client_id(Bytes{0x52, 0x54, 0, 0, 0, 1}).stable_hash());
}

}  // namespace
}  // namespace slipway::lease
