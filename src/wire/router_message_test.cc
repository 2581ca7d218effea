// SPDX-License-Identifier: MPL-2.0
#include "wire/router_message.h"

#include <gtest/gtest.h>

namespace slipway::wire {
namespace {

/// As iPXE of January 2019 sends it: type, code, checksum, reserved, source link-layer address.
const Bytes of_ipxe{133, 0, 0xab, 0xcd, 0, 0, 0, 0, 1, 1, 0x52, 0x54, 0, 0x77, 0, 1};
/// As radvd sends it, without its options.
const Bytes of_radvd{134, 0, 0xab, 0xcd, 64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0};
const Bytes link_layer{1, 1, 0x52, 0x54, 0, 0x77, 0, 1};

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
Bytes prefix_information() {
  Bytes option(32);
  option[0] = 3;
  option[1] = 4;
  return option;
}
RouterFault fault_of(const Bytes& bytes) {
  auto parsed = parse_router_message(bytes);
  EXPECT_FALSE(parsed.has_value());
  return parsed ? RouterFault{} : parsed.error();
}
RouterAdvertisement advertisement(const Bytes& bytes) {
  return std::get<RouterAdvertisement>(parse_router_message(bytes).value());
}

TEST(RouterMessage, ReadsASolicitationAndWhoSentIt) {
  auto message = std::get<RouterSolicitation>(parse_router_message(of_ipxe).value());
  EXPECT_EQ(message.link_layer, MacAddress::parse("52:54:00:77:00:01"));
  EXPECT_TRUE(message.has_link_layer);
  auto bare = std::get<RouterSolicitation>(parse_router_message(ByteView(of_ipxe).first(8)).value());
  EXPECT_EQ(bare, RouterSolicitation{});
}

TEST(RouterMessage, TakesNoMachineFromAnAddressThatIsNone) {
  for (const Bytes& address : {Bytes{0, 0, 0, 0, 0, 0}, Bytes{1, 0, 0x5e, 0, 0, 1}}) {
    Bytes odd = joined({133, 0, 0, 0, 0, 0, 0, 0, 1, 1}, address);
    auto message = std::get<RouterSolicitation>(parse_router_message(odd).value());
    EXPECT_FALSE(message.link_layer);
    EXPECT_TRUE(message.has_link_layer);
  }
}

TEST(RouterMessage, ReadsAnAdvertisementAndWhetherItTellsAnything) {
  EXPECT_EQ(advertisement(of_radvd).lifetime, 1800);
  EXPECT_EQ(advertisement(of_radvd).hop_limit, 64);
  EXPECT_FALSE(advertisement(of_radvd).says_nothing());
  Bytes none = of_radvd;
  none[6] = none[7] = 0;
  EXPECT_TRUE(advertisement(none).says_nothing());
  EXPECT_TRUE(advertisement(joined(none, link_layer)).says_nothing());
  EXPECT_FALSE(advertisement(joined(none, prefix_information())).says_nothing());
  none[5] = 0x40;  // O: there is DHCPv6
  EXPECT_FALSE(advertisement(none).says_nothing());
}

TEST(RouterMessage, NamesWhatIsWrongWithBytes) {
  EXPECT_EQ(fault_of({133, 0, 0}), RouterFault::too_short);
  EXPECT_EQ(fault_of({133, 0, 0, 0, 0, 0, 0}), RouterFault::too_short);
  EXPECT_EQ(fault_of(Bytes(of_radvd.begin(), of_radvd.end() - 1)), RouterFault::too_short);
  EXPECT_EQ(fault_of({135, 0, 0, 0, 0, 0, 0, 0}), RouterFault::unknown_type);
  EXPECT_EQ(fault_of({133, 1, 0, 0, 0, 0, 0, 0}), RouterFault::unknown_code);
  EXPECT_EQ(fault_of(joined(of_ipxe, {14, 0})), RouterFault::empty_option);
  EXPECT_EQ(fault_of(joined(of_ipxe, {14})), RouterFault::option_past_end);
  EXPECT_EQ(fault_of(joined(of_radvd, {3, 4, 0, 0})), RouterFault::option_past_end);
}

TEST(RouterMessage, WritesWhatItReads) {
  RouterSolicitation solicitation{MacAddress::parse("52:54:00:77:00:01"), true};
  EXPECT_EQ(parse_router_message(serialize(solicitation)).value(), RouterMessage(solicitation));
  RouterAdvertisement said{64, 0xc0, 1800, 30000, 1000, false};
  EXPECT_EQ(parse_router_message(serialize(said)).value(), RouterMessage(said));
}

TEST(RouterMessage, ThatSaysNothingIsSixteenBytes) {
  Bytes expected(16);
  expected[0] = 134;
  EXPECT_EQ(serialize(RouterAdvertisement{}), expected);
}

}  // namespace
}  // namespace slipway::wire
