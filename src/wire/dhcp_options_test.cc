// SPDX-License-Identifier: MPL-2.0
#include "wire/dhcp_options.h"

#include <set>

#include <gtest/gtest.h>

#include "base/hex.h"

namespace slipway::wire {
namespace {

Bytes encoded(std::string_view name, std::string_view text) {
  auto bytes = encode_option(*find_option(name), text);
  EXPECT_TRUE(bytes) << name << ' ' << text;
  return bytes ? *bytes : Bytes{};
}

std::string sentence(std::string_view name, std::string_view text) {
  auto bytes = encode_option(*find_option(name), text);
  EXPECT_FALSE(bytes) << name << ' ' << text;
  return bytes ? "" : bytes.error().sentence();
}

}  // namespace

TEST(OptionTable, HoldsEveryOptionOfRfc2132OnceAndUnderItsName) {
  std::set<std::string_view> names;
  for (const OptionInfo& info : option_table()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(find_option(info.code), &info);
    EXPECT_EQ(find_option(info.name), &info);
  }
  for (int code = 1; code <= 76; ++code) {
    EXPECT_TRUE(find_option(static_cast<std::uint8_t>(code))) << code;
  }
  EXPECT_FALSE(find_option(option_pad));
  EXPECT_FALSE(find_option(option_end));
  EXPECT_FALSE(find_option("no-such-option"));
}

TEST(OptionTable, KnowsTheNamesOtherServersUse) {
  EXPECT_EQ(find_option("router")->code, 3);
  EXPECT_EQ(find_option("dns-servers")->code, 6);
  EXPECT_EQ(find_option("boot-file-name")->code, 67);
  EXPECT_EQ(find_option("rfc3442-classless-static-routes")->code, 121);
}

TEST(Options, KeepTheOrderOfArrivalAndReplaceInPlace) {
  Options options;
  options.set<opt::HostName>("a");
  options.set<opt::DomainName>("b");
  options.set<opt::HostName>("c");
  ASSERT_EQ(options.entries().size(), 2u);
  EXPECT_EQ((*options.entries().begin()).code, 12);
  EXPECT_EQ(options.get<opt::HostName>(), "c");
  options.remove(12);
  EXPECT_FALSE(options.has(12));
}

TEST(Options, AreEqualInAnyOrder) {
  Options a, b;
  a.set<opt::HostName>("h");
  a.set<opt::Overload>(1);
  b.set<opt::Overload>(1);
  EXPECT_FALSE(a == b);
  b.set<opt::HostName>("h");
  EXPECT_TRUE(a == b);
  b.set<opt::HostName>("x");
  EXPECT_FALSE(a == b);
}

TEST(Options, TakeAValueOfTheWrongLengthForNone) {
  Options options;
  for (std::uint8_t code : Bytes{50, 51, 53, 57, 93, 3}) options.set_raw(code, {1, 2, 3, 4, 5});
  EXPECT_FALSE(options.get<opt::RequestedAddress>());
  EXPECT_FALSE(options.get<opt::LeaseTime>());
  EXPECT_FALSE(options.get<opt::MessageType>());
  EXPECT_FALSE(options.get<opt::MaxMessageSize>());
  EXPECT_FALSE(options.get<opt::ClientArch>());
  EXPECT_FALSE(options.get<opt::Routers>());
  options.set_raw(3, {});
  EXPECT_FALSE(options.get<opt::Routers>());
}

TEST(Options, KnowNoMessageTypeTheTableDoesNotName) {
  Options options;
  options.set_raw(53, {99});
  EXPECT_FALSE(options.get<opt::MessageType>());
  options.set_raw(53, {13});
  EXPECT_EQ(options.get<opt::MessageType>(), MessageType::lease_active);
}

TEST(Options, DropTheNulsBehindText) {
  Options options;
  options.set_raw(67, {'a', 0, 'b', 0, 0});
  EXPECT_EQ(options.get<opt::BootFileName>(), std::string("a\0b", 3));
}

TEST(Options, HoldLeaseTimesAtTheirLimits) {
  Options options;
  options.set<opt::LeaseTime>(std::chrono::seconds{std::int64_t{1} << 40});
  EXPECT_EQ((options.get<Option<51, Bytes>>()), (Bytes{255, 255, 255, 255}));
  options.set<opt::LeaseTime>(std::chrono::seconds{-1});
  EXPECT_EQ((options.get<Option<51, Bytes>>()), (Bytes{0, 0, 0, 0}));
}

TEST(Suboptions, AreReadWithPaddingAndEnd) {
  auto options = parse_suboptions(Bytes{0, 6, 1, 8, 0, 255, 9, 9});
  ASSERT_TRUE(options);
  ASSERT_EQ(options->entries().size(), 1u);
  EXPECT_EQ((options->get<Option<6, Bytes>>()), Bytes{8});
}

TEST(Suboptions, GiveNothingWhenOneRunsPastTheEnd) {
  EXPECT_FALSE(parse_suboptions(Bytes{6, 2, 8}));
  EXPECT_FALSE(parse_suboptions(Bytes{6}));
}

TEST(OptionText, EncodesWhatAnOperatorWrites) {
  EXPECT_EQ(to_hex(encoded("routers", "10.0.0.1, 10.0.0.2")), "0a0000010a000002");
  EXPECT_EQ(to_hex(encoded("time-offset", "-3600")), "fffff1f0");
  EXPECT_EQ(to_hex(encoded("interface-mtu", "9000")), "2328");
  EXPECT_EQ(to_hex(encoded("ip-forwarding", "off")), "00");
  EXPECT_EQ(to_hex(encoded("dhcp-lease-time", "infinite")), "ffffffff");
  EXPECT_EQ(to_hex(encoded("static-routes", "10.1.0.0 10.0.0.1")), "0a0100000a000001");
  EXPECT_EQ(to_hex(encoded("pxe-system-type", "7, 0x09")), "00070009");
  EXPECT_EQ(to_hex(encoded("dhcp-message-type", "DHCPOFFER")), "02");
  EXPECT_EQ(to_hex(encoded("classless-static-routes", "10.1.0.0/16 via 10.0.0.1, 0.0.0.0/0 via 10.0.0.2")),
            "100a010a000001000a000002");
  EXPECT_EQ(to_hex(encoded("domain-search", "eng.example.org.")), "03656e67076578616d706c65036f726700");
  EXPECT_EQ(to_hex(encoded("vendor-encapsulated-options", "6=08, 10=00:41")), "0601080a020041");
  EXPECT_EQ(to_hex(encoded("dhcp-client-identifier", "01:0c:c4")), "010cc4");
  EXPECT_EQ(to_hex(encoded("host-name", "hex:6e31")), "6e31");
  EXPECT_EQ(to_hex(encoded("rapid-commit", "")), "");
}

TEST(OptionText, SaysWhatATypeWants) {
  EXPECT_EQ(sentence("routers", "10.0.0.256"),
            "option routers (3) wants IPv4 addresses, not \"10.0.0.256\"; write for example 10.0.0.1, "
            "10.0.0.2, or its bytes as hex:...");
  sentence("ip-forwarding", "2");
  sentence("default-ip-ttl", "256");
  sentence("default-ip-ttl", "-1");
  sentence("host-name", "");
  sentence("subnet-mask", "1.2.3.4, 1.2.3.4");
  sentence("static-routes", "10.0.0.1");
  sentence("classless-static-routes", "10.1.0.1/16 via 10.0.0.1");
  sentence("domain-search", "a..b");
  sentence("domain-search", std::string(64, 'a'));
  sentence("vendor-encapsulated-options", "255=01");
  sentence("dhcp-client-identifier", "012");
  sentence("host-name", "hex:zz");
}

TEST(OptionText, DescribesAsItIsWritten) {
  for (auto [name, text] : std::initializer_list<std::pair<const char*, const char*>>{
           {"routers", "10.0.0.1, 10.0.0.2"},
           {"time-offset", "-3600"},
           {"dhcp-lease-time", "infinite"},
           {"static-routes", "10.1.0.0 10.0.0.1, 10.2.0.0 10.0.0.2"},
           {"classless-static-routes", "10.1.0.0/16 via 10.0.0.1, 0.0.0.0/0 via 10.0.0.2"},
           {"domain-search", "example.org, lab.example.org"},
           {"vendor-encapsulated-options", "6=08, 10=0041"},
           {"dhcp-parameter-request-list", "1, 3, 6"},
           {"dhcp-message-type", "DHCPACK"},
           {"mask-supplier", "true"},
           {"host-name", "node1"},
           {"dhcp-client-identifier", "hex:010cc47aabcdef"}}) {
    EXPECT_EQ(describe_option(find_option(name)->code, encoded(name, text)), text);
  }
}

TEST(OptionText, ShowsMalformedAndUnknownOptionsAsBytes) {
  EXPECT_EQ(describe_option(1, Bytes{1, 2, 3}), "hex:010203");
  EXPECT_EQ(describe_option(254, Bytes{65}), "hex:41");
  EXPECT_EQ(describe_option(121, Bytes{33, 1}), "hex:2101");
  EXPECT_EQ(describe_option(12, Bytes{'a', 27, 0}), "a\\x1b\\x00");
}

TEST(OptionText, FollowsCompressedNamesAndNoCircle) {
  // RFC 3397 §2: "eng.apple.com." then "marketing" with a pointer to "apple.com."
  Bytes compressed = *from_hex("03656e67056170706c6503636f6d00096d61726b6574696e67c004");
  EXPECT_EQ(describe_option(119, compressed), "eng.apple.com, marketing.apple.com");
  EXPECT_EQ(describe_option(119, Bytes{0xc0, 0}), "hex:c000");
  EXPECT_EQ(describe_option(119, Bytes{1, 'a', 0xc0, 0}), "hex:0161c000");
}

}  // namespace slipway::wire
