// SPDX-License-Identifier: MPL-2.0
// Every option of the table, each set by its name and asked for by its code.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "conformance/site.h"

namespace slipway::conformance {
namespace {

using testing::HasSubstr;
using wire::OptionInfo;
using wire::OptionType;

struct Sample {
  std::string written;  ///< in TOML
  std::string bytes;    ///< in hexadecimal
};

Sample sample_of(const OptionInfo& info) {
  switch (info.type) {
    case OptionType::text:
      return {"\"text\"", "74657874"};  // no final NUL
    case OptionType::bytes:
      return {"\"0a:0b\"", "0a0b"};
    case OptionType::flag:
      return {"true", "01"};
    case OptionType::u8:
      return {"7", "07"};
    case OptionType::u16:
      return {"700", "02bc"};
    case OptionType::u32:
      return {"70000", "00011170"};
    case OptionType::i32:
      return {"-5", "fffffffb"};
    case OptionType::ipv4:
      return {"\"10.1.2.3\"", "0a010203"};
    case OptionType::ipv4_list:
      return {"[\"10.1.2.3\", \"10.1.2.4\"]", "0a0102030a010204"};
    case OptionType::ipv4_pairs:
      return {"[\"10.1.0.0 10.0.0.1\"]", "0a0100000a000001"};
    case OptionType::u8_list:
      return {"[1, 2]", "0102"};
    case OptionType::u16_list:
      return {"[1, 300]", "0001012c"};
    case OptionType::seconds:
      return {"600", "00000258"};
    case OptionType::routes:
      return {"[\"10.1.0.0/16 via 10.0.0.1\"]", "100a010a000001"};
    case OptionType::domain_list:
      return {"[\"a.example\"]", "0161076578616d706c6500"};
    case OptionType::nested:
      return {"{ 1 = { hex = \"0a\" } }", "01010a"};
    case OptionType::message_type:
    case OptionType::empty:
      break;
  }
  return {"\"\"", ""};
}

/// Not the operator's to say, or (52) of the packet rather than of the message.
const std::set<std::uint8_t> not_configured{51, 52, 53, 55, 61, 80, 81, 82};

Site site_with(const std::string& option, const std::string& value) {
  return Site(one_subnet + fmt::format("options = {{ {} = {} }}\n", option, value));
}

}  // namespace

TEST(StandardOptions, GoOutInOfferAndInAckToInformAsTheyAreWritten) {
  int seen = 0;
  for (const OptionInfo& info : wire::option_table()) {
    if (not_configured.count(info.code)) continue;
    Sample sample = sample_of(info);
    Site site = site_with(std::string(info.name), sample.written);
    EXPECT_EQ(site.option(info.code, asking({info.code})), sample.bytes) << info.name << " in OFFER";
    EXPECT_EQ(site.option(info.code, asking({info.code}, inform())), sample.bytes) << info.name << " in ACK";
    ++seen;
  }
  EXPECT_GT(seen, 100);
}

TEST(StandardOptions, GoOutAsTheBytesThatAreWritten) {
  for (const OptionInfo& info : wire::option_table()) {
    if (not_configured.count(info.code) || info.code == 54) continue;  // 54: an address or nothing
    Site site = site_with(fmt::to_string(info.code), "{ hex = \"0a:0b:0c\" }");
    EXPECT_EQ(site.option(info.code, asking({info.code})), "0a0b0c") << info.name;
  }
}

TEST(StandardOptions, OfTheExchangeAreRefused) {
  for (std::uint8_t code : not_configured) {
    if (code == 52) continue;
    auto plan = config::load_text(one_subnet + fmt::format("options = {{ {} = \"1\" }}\n", code), "f", {});
    ASSERT_FALSE(plan) << int{code};
    EXPECT_THAT(plan.error().problems.front().to_string(), HasSubstr("is not to be configured"));
  }
}

TEST(OwnOptions, GoOutByNumberAndType) {
  Site site(one_subnet +
            "options = { 224 = { type = \"u16\", value = 7 }, 225 = { type = \"ipv4-list\", value = "
            "[\"10.0.0.1\"] }, 226 = \"text\", 227 = { hex = \"0a:0b\" } }\n");
  DhcpMessage request = asking({224, 225, 226, 227});
  EXPECT_EQ(site.option(224, request), "0007");
  EXPECT_EQ(site.option(225, request), "0a000001");
  EXPECT_EQ(site.option(226, request), "74657874");
  EXPECT_EQ(site.option(227, request), "0a0b");
}

TEST(ServerIdentifier, MayBeConfiguredAndIsThenOurs) {
  Site site = site_with("dhcp-server-identifier", "\"10.0.0.9\"");
  EXPECT_EQ(site.option(54, discover()), "0a000009");
  DhcpMessage request = dhcp::test::selecting("10.0.0.100");
  request.options.set<opt::ServerId>(ip("10.0.0.9"));
  EXPECT_EQ(site.option(53, request), "05");
}

TEST(Overload, AsConfiguredIsSentWhereItSpoilsNothing) {
  Site site = site_with("dhcp-option-overload", "3");
  auto has_52 = [](const Bytes& packet) {
    const std::uint8_t wanted[]{52, 1, 3};
    return std::search(packet.begin(), packet.end(), std::begin(wanted), std::end(wanted)) != packet.end();
  };
  Bytes plain = site.send(asking({52}));
  EXPECT_TRUE(has_52(plain));
  EXPECT_TRUE(wire::parse_dhcp(plain)) << "the fields are read as options, and hold none";
  Bytes booting = site.send(dhcp::test::as_pxe_rom(asking({52}), 0));
  EXPECT_FALSE(has_52(booting));
  EXPECT_EQ(wire::parse_dhcp(booting)->file, "undionly.kpxe");
}

TEST(ParameterList, WhereThereIsNoneOnlyTheUsualOptionsAreSent) {
  Site site(one_subnet +
            "router = \"10.0.0.1\"\ndns = \"10.0.0.3\"\ndomain = \"example.org\"\n"
            "options = { ntp-servers = \"10.0.0.4\", log-servers = \"10.0.0.5\", root-path = \"/r\" }\n"
            "always-send = [\"log-servers\"]\n");
  DhcpMessage plain = discover();
  plain.options.set<opt::HostName>("plain");  // with nothing at all it would be taken for GRUB
  auto offer = site.ask(plain);
  ASSERT_TRUE(offer);
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{1, 3, 6, 7, 51, 54}) {
    EXPECT_TRUE(offer->options.has(code)) << int{code};
  }
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{15, 17, 42}) {
    EXPECT_FALSE(offer->options.has(code)) << int{code};
  }
}

TEST(ClasslessRoutes, TakeThePlaceOfTheRouter) {
  Site site(one_subnet +
            "router = \"10.0.0.1\"\n"
            "options = { classless-static-routes = [\"0.0.0.0/0 via 10.0.0.1\"] }\n");
  auto both = site.ask(asking({1, 3, 121}));
  EXPECT_TRUE(both->options.has(121));
  EXPECT_FALSE(both->options.has(3));
  EXPECT_TRUE(site.ask(asking({1, 3}))->options.has(3));
  EXPECT_EQ(site.option(249, asking({249})), "000a000001") << "as Windows of old asks for them";
}

TEST(Ipv6Only, GivesNoAddressToAClientThatAsksForIt) {
  Site site = site_with("v6-only-preferred", "1800");
  for (const DhcpMessage& plain : {discover(), dhcp::test::selecting("10.0.0.100")}) {
    auto asked = site.ask(asking({1, 108}, plain));
    EXPECT_TRUE(asked->yiaddr.is_any());
    EXPECT_EQ(asked->options.get<opt::Ipv6Only>(), std::chrono::seconds{1800});
    auto other = site.ask(asking({1}, plain));
    EXPECT_EQ(other->yiaddr, ip("10.0.0.100"));
    EXPECT_FALSE(other->options.has(108));
  }
}

TEST(LongOptions, AreSplitAndComeBackAsOne) {
  std::string longest(600, 'x');
  Site site = site_with("226", "\"" + longest + "\"");
  DhcpMessage request = asking({226});
  request.options.set<opt::MaxMessageSize>(1500);
  EXPECT_EQ(site.option(226, request), hex_of(longest));
}

TEST(MaximumMessageSize, IsKeptByMeansOfOverload) {
  Site site = site_with("226", "\"" + std::string(250, 'x') + "\"");
  DhcpMessage request = asking({1, 226, 3});
  Bytes packet = site.send(request);
  EXPECT_LE(packet.size(), 548u);
  Site two(one_subnet + "options = { 226 = \"" + std::string(200, 'x') + "\", 227 = \"" +
           std::string(100, 'y') + "\" }\n");
  request = asking({226, 227});
  EXPECT_EQ(two.option(226, request), hex_of(std::string(200, 'x')));
  EXPECT_EQ(two.option(227, request), hex_of(std::string(100, 'y')));
  EXPECT_LE(two.send(request).size(), 548u);
}

}  // namespace slipway::conformance
