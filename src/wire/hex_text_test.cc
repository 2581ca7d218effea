// SPDX-License-Identifier: MPL-2.0
#include "wire/hex_text.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "wire/dump.h"

namespace slipway::wire {
namespace {

const Bytes four{0xde, 0xad, 0xbe, 0xef};

TEST(HexText, IsReadAsPeopleWriteIt) {
  for (const char* text : {"deadbeef", "DE AD BE EF\n", "de:ad:be:ef", " dead beef\r\n", "de-ad\nbe-ef\n"}) {
    EXPECT_EQ(packets_in_hex(text), std::vector<Bytes>{four}) << text;
  }
}

TEST(HexText, IsReadAsTcpdumpPrintsItWithAndWithoutItsColumnOfText) {
  const char* text =
      "10:12:18.1 IP 0.0.0.0.68 > 255.255.255.255.67: BOOTP/DHCP, Request\n"
      "\t0x0000:  4500 0012 0000 0000 8011 3996 0000 0000  E.........9.....\n"
      "\t0x0010:  ffff                                     ..\n"
      "10:12:19.1 IP 10.0.0.1.67 > 10.0.0.2.68\n"
      "\t0x0000:  dead beef\n";
  auto packets = packets_in_hex(text);
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(to_hex(packets[0]),
            "450000120000000080113996"
            "00000000"
            "ffff");
  EXPECT_EQ(packets[1], four);
}

TEST(HexText, IsReadAsHexdumpAndXxdPrintIt) {
  auto dumped = packets_in_hex(
      "00000000  01 01 06 00 00 00 00 01  00 00 80 00 00 00 00 00  |................|\n"
      "00000010  de ad be ef                                       |....|\n00000014\n");
  ASSERT_EQ(dumped.size(), 1u);
  EXPECT_EQ(to_hex(dumped[0]), "01010600000000010000800000000000deadbeef");
  auto xxd = packets_in_hex(
      "00000000: dead beef 0101 0600 0000 0001 0000 8000  ................\n00000010: dead  ..\n");
  ASSERT_EQ(xxd.size(), 1u);
  EXPECT_EQ(to_hex(xxd[0]), "deadbeef010106000000000100008000dead");
}

TEST(HexText, OfNothingOfTheKindHoldsNoPacket) {
  for (const char* text : {"", "hello world\n", "abc", "0x0000:\n", "zz zz\n"}) {
    EXPECT_TRUE(packets_in_hex(text).empty()) << text;
  }
}

TEST(HexText, IsTakenForTextOnlyWhereItIsSome) {
  EXPECT_TRUE(is_text(as_bytes("0x0000:  4500\n")));
  EXPECT_FALSE(is_text(Bytes{1, 1, 6, 0}));
}

}  // namespace
}  // namespace slipway::wire
