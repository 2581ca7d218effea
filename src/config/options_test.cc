// SPDX-License-Identifier: MPL-2.0
#include "config/options.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/hex.h"
#include "config/config.h"

namespace slipway::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view site = R"(
[server]
interfaces = ["eth1"]
[[subnet]]
network = "10.0.0.0/24"
)";

std::string file_with(std::string_view options) {
  return fmt::format("{}[options]\n{}\n", site, options);
}

/// The bytes of the one option that this line of [options] sets, in hexadecimal.
std::string bytes_of(std::string_view line) {
  auto plan = load_text(file_with(line), "f", {});
  if (!plan) return plan.error().problems.front().to_string();
  const auto& values = (*plan)->layer_of((*plan)->subnets().front()).values;
  return values.back().code == 1 ? "nothing" : to_hex(values.back().value);
}

/// All that is wrong with this line of [options].
std::string fault_of(std::string_view line) {
  auto plan = load_text(file_with(line), "f", {});
  if (plan) return "nothing";
  EXPECT_EQ(plan.error().problems.size(), 1u) << line;
  return plan.error().problems.front().to_string();
}

}  // namespace

TEST(Options, TakeTheirTypeFromTheTable) {
  EXPECT_EQ(bytes_of("ntp-servers = [\"10.0.0.1\", \"10.0.0.2\"]"), "0a0000010a000002");
  EXPECT_EQ(bytes_of("time-offset = -3600"), "fffff1f0");
  EXPECT_EQ(bytes_of("interface-mtu = 1500"), "05dc");
  EXPECT_EQ(bytes_of("ip-forwarding = true"), "01");
  EXPECT_EQ(bytes_of("root-path = \"/r\""), "2f72");
  EXPECT_EQ(bytes_of("209 = \"cfg\""), "636667");
}

TEST(Options, WantWholeBytesAfterHex) {
  EXPECT_EQ(fault_of("224 = \"hex:abc\""),
            "f:7:7: error: option 224: 'hex:abc' is not whole bytes; after hex: stands an even number of "
            "hexadecimal digits, such as \"hex:0abc\"");
  EXPECT_THAT(fault_of("ntp-servers = \"hex:xy\""), HasSubstr("is not whole bytes"));
}

TEST(Options, WithoutANameTakeAType) {
  EXPECT_EQ(bytes_of("224 = { type = \"u16\", value = 7 }"), "0007");
  EXPECT_EQ(bytes_of("225 = { type = \"ipv4-list\", value = [\"10.0.0.1\", \"10.0.0.2\"] }"),
            "0a0000010a000002");
  EXPECT_EQ(bytes_of("224 = { type = \"text\", value = \"hex:no\" }").substr(0, 3), "f:7");
  EXPECT_EQ(bytes_of("224 = \"seven\""), "736576656e");
}

TEST(Options, MayBeWrittenAsBytes) {
  EXPECT_EQ(bytes_of("226 = { hex = \"0a:0b\" }"), "0a0b");
  EXPECT_EQ(bytes_of("ntp-servers = { hex = \"0A000001\" }"), "0a000001");
  EXPECT_EQ(bytes_of("ntp-servers = \"hex:0a000001\""), "0a000001");
  EXPECT_EQ(bytes_of("rapid-commit = true"),
            "f:7:1: error: option rapid-commit (80) is not to be configured; "
            "it answers a client that wants its address in one round");
}

TEST(Options, HoldSubOptionsByNameNumberAndType) {
  EXPECT_EQ(bytes_of("43 = { discovery-control = 8, 64 = \"ab\", 65 = { type = \"u16\", value = 7 } }"),
            "0601084002616241020007");
  EXPECT_EQ(bytes_of("43 = {}"), "");
  EXPECT_EQ(bytes_of("ipxe-encap-opts = { keep-san = 1 }"), "080101");
  EXPECT_EQ(bytes_of("230 = { type = \"sub-options\", value = { 1 = { hex = \"ff\" } } }"), "0101ff");
  EXPECT_EQ(bytes_of("125 = { 4491 = { 2 = \"t\" }, 9 = { 1 = { type = \"u8\", value = 3 } } }"),
            "0000118b03020174"
            "0000000903010103");
}

TEST(Options, AreRefusedWithTheirPlaceAndARemedy) {
  EXPECT_EQ(
      fault_of("interface-mtu = 70000"),
      "f:7:17: error: option interface-mtu (26) wants a number from 0 to 65535, not \"70000\"; write for "
      "example 1500, or its bytes as hex:...");
  EXPECT_THAT(fault_of("ntp-servers = \"10.0.0.256\""), HasSubstr("wants IPv4 addresses"));
  EXPECT_THAT(fault_of("ip-forwarding = 2"), HasSubstr("wants true or false"));
  EXPECT_THAT(fault_of("224 = { hex = \"0a0\" }"), HasSubstr("pairs of hexadecimal digits"));
  EXPECT_THAT(fault_of("0 = \"x\""), HasSubstr("there is no DHCP option '0'"));
  EXPECT_THAT(fault_of("255 = \"x\""), HasSubstr("there is no DHCP option '255'"));
  EXPECT_EQ(
      fault_of("3 = { type = \"u16\", value = 7 }"),
      "f:7:14: error: option routers (3) is of type ipv4-list, not u16; leave the type out, or write its "
      "bytes as { hex = \"0a:0b\" }");
  EXPECT_THAT(fault_of("224 = { type = \"u17\", value = 7 }"), HasSubstr("did you mean 'u16'?"));
  EXPECT_THAT(fault_of("224 = { type = \"u16\" }"), HasSubstr("both type and value"));
  EXPECT_THAT(fault_of("ntp-servers = \"10.0.0.1\"\n42 = \"10.0.0.2\""), HasSubstr("there twice"));
  EXPECT_THAT(fault_of("ntp-severs = \"10.0.0.1\""), HasSubstr("did you mean 'ntp-servers'?"));
  EXPECT_THAT(fault_of("43 = { discovery-contrl = 8 }"), HasSubstr("did you mean 'discovery-control'?"));
  EXPECT_THAT(fault_of("125 = { acme = { 1 = \"x\" } }"), HasSubstr("enterprise number"));
  EXPECT_THAT(fault_of("ntp-servers = { 1 = \"x\" }"), HasSubstr("has no sub-options"));
}

TEST(Options, OfTheExchangeAreNotToBeConfigured) {
  for (std::string_view option :
       {"dhcp-message-type = 5", "61 = \"hex:01\"", "82 = \"1=00\"", "fqdn = \"hex:00\""}) {
    EXPECT_THAT(fault_of(option), HasSubstr("is not to be configured"));
  }
  EXPECT_THAT(fault_of("dhcp-lease-time = 3600"), HasSubstr("by lease-time"));
  EXPECT_THAT(fault_of("never-send = [\"dhcp-server-identifier\"]"), HasSubstr("is in every answer"));
}

TEST(Options, AreSentAlwaysOrNeverByNameOrNumber) {
  auto plan = load_text(file_with("always-send = [\"ntp-servers\", 224]\nnever-send = 12"), "f", {});
  ASSERT_TRUE(plan.has_value());
  const model::OptionLayer& layer = (*plan)->layer_of((*plan)->subnets().front());
  EXPECT_THAT(layer.always_send, ElementsAre(42, 224));
  EXPECT_THAT(layer.never_send, ElementsAre(12));
  EXPECT_THAT(fault_of("always-send = [\"ntp-severs\"]"), HasSubstr("did you mean 'ntp-servers'?"));
}

}  // namespace slipway::config
