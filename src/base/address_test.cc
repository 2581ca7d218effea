// SPDX-License-Identifier: MPL-2.0
#include "base/address.h"

#include <gtest/gtest.h>

namespace slipway {

TEST(Ipv4, ReadsADottedQuadAndNothingElse) {
  EXPECT_EQ(Ipv4::parse("10.99.99.1")->value, 0x0a636301u);
  for (auto bad : {"", "10.99.99", "10.99.99.256", "10.99.99.1.2", "010.1.1.1", " 10.1.1.1", "10.1.1.1 ",
                   "a.b.c.d", "1..2.3"}) {
    EXPECT_FALSE(Ipv4::parse(bad)) << bad;
  }
  EXPECT_EQ(Ipv4::parse("255.255.255.255")->to_string(), "255.255.255.255");
}

TEST(Prefix, RefusesHostBits) {
  EXPECT_TRUE(Prefix::parse("10.99.99.0/24"));
  EXPECT_FALSE(Prefix::parse("10.99.99.1/24"));
  EXPECT_FALSE(Prefix::parse("10.99.99.0/33"));
  EXPECT_FALSE(Prefix::parse("10.99.99.0"));
}

TEST(Prefix, KnowsItsMaskItsEndsAndItsMembers) {
  Prefix prefix = *Prefix::parse("10.99.96.0/20");
  EXPECT_EQ(prefix.mask().to_string(), "255.255.240.0");
  EXPECT_EQ(prefix.last().to_string(), "10.99.111.255");
  EXPECT_TRUE(prefix.contains(*Ipv4::parse("10.99.111.255")));
  EXPECT_FALSE(prefix.contains(*Ipv4::parse("10.99.112.0")));
  EXPECT_EQ(Prefix::parse("0.0.0.0/0")->last(), Ipv4::broadcast());
}

TEST(MacAddress, ReadsEverySpellingPeopleUse) {
  for (auto text : {"0c:c4:7a:ab:cd:ef", "0C-C4-7A-AB-CD-EF", "0cc4.7aab.cdef", "0cc47aABcdef"}) {
    ASSERT_TRUE(MacAddress::parse(text)) << text;
    EXPECT_EQ(MacAddress::parse(text)->to_string(), "0c:c4:7a:ab:cd:ef");
  }
  for (auto bad : {"0c:c4:7a:ab:cd", "0c:c4-7a:ab:cd:ef", "0c:c4:7a:ab:cd:eg", "", "0cc47a:abcdef00:"}) {
    EXPECT_FALSE(MacAddress::parse(bad)) << bad;
  }
  EXPECT_EQ(MacAddress::parse("0cc47aabcdef")->hyphens(), "0c-c4-7a-ab-cd-ef");
}

TEST(Uuid, KnowsWhatBoardsWithoutOneReport) {
  EXPECT_TRUE(Uuid::parse("00000000-0000-0000-0000-000000000000")->is_placeholder());
  EXPECT_TRUE(Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff")->is_placeholder());
  Uuid real = *Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
  EXPECT_FALSE(real.is_placeholder());
  EXPECT_EQ(real.to_string(), "564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
}

TEST(Ipv6, IsWrittenAsRfc5952Says) {
  EXPECT_EQ((Ipv6{}).to_string(), "::");
  EXPECT_EQ((Ipv6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}).to_string(), "::1");
  EXPECT_EQ((Ipv6{{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}}).to_string(), "ff02::2");
  EXPECT_EQ((Ipv6{{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}}).to_string(),
            "2001:db8:0:1:1:1:1:1");  // a single zero field stays
  EXPECT_EQ((Ipv6{{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1}}).to_string(),
            "2001:db8::1:0:0:1");  // the first of two equal runs
  EXPECT_EQ((Ipv6{{0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}}).to_string(), "2001:0:0:1::");
}

TEST(Ipv6, KnowsItsScope) {
  EXPECT_TRUE((Ipv6{{0xfe, 0x80, 1}}).is_link_local());
  EXPECT_TRUE((Ipv6{{0xfe, 0xbf}}).is_link_local());
  EXPECT_FALSE((Ipv6{{0xfe, 0xc0}}).is_link_local());
  EXPECT_TRUE((Ipv6{{0xff, 2}}).is_multicast());
  EXPECT_TRUE((Ipv6{}).is_any());
}

}  // namespace slipway
