// SPDX-License-Identifier: MPL-2.0
// What a client is told it is called (options 12 and 81).
#include "conformance/site.h"

namespace slipway::conformance {
namespace {

const std::string named = one_subnet + R"(domain = "example.org"
[[machine]]
name = "node1"
mac = "52:54:00:77:00:01"
[[machine]]
name = "node2"
mac = "52:54:00:77:00:02"
options = { host-name = "short" }
[[machine]]
mac = "52:54:00:77:00:03"
)";

/// Option 81 of a client: flags, two RCODEs, the name as it encodes it.
DhcpMessage with_fqdn(std::uint8_t flags, ByteView name, int client = 1) {
  DhcpMessage message = discover(client);
  Bytes value{flags, 0, 0};
  value.insert(value.end(), name.begin(), name.end());
  message.options.set_raw(81, value);
  return message;
}

constexpr std::uint8_t laptop[]{6, 'l', 'a', 'p', 't', 'o', 'p'};
constexpr std::uint8_t whole[]{6, 'l', 'a', 'p', 't', 'o', 'p', 4, 'h', 'o', 'm', 'e', 0};
const std::string node1 =
    "056e6f646531"
    "076578616d706c65"
    "036f726700";

}  // namespace

TEST(HostName, IsTheMachinesWithItsDomainWhateverTheClientCallsItself) {
  Site site(named);
  DhcpMessage request = asking({12});
  request.options.set<opt::HostName>("laptop");
  EXPECT_EQ(site.option(12, request), hex_of("node1.example.org"));
  EXPECT_EQ(site.option(12, asking({12}, discover(2))), hex_of("short"));
  EXPECT_EQ(site.option(12, asking({12}, discover(3))), "none") << "an address is no name";
  EXPECT_EQ(site.option(12, asking({12}, discover(4))), "none");
}

TEST(Fqdn, IsTheMachinesNameAndPromisesNoUpdate) {
  Site site(named);
  // E and S: flags of the answer E, N, O; both RCODEs 255 (RFC 4702 §2.1, §2.2).
  EXPECT_EQ(site.option(81, with_fqdn(0x05, laptop)), "0effff" + node1);
  // No S: nothing to override.
  EXPECT_EQ(site.option(81, with_fqdn(0x04, laptop)), "0cffff" + node1);
  // Old clients write text.
  EXPECT_EQ(site.option(81, with_fqdn(0x01, as_bytes("laptop"))), "0affff" + hex_of("node1.example.org"));
}

TEST(Fqdn, OfAStrangerIsItsOwnWithTheDomain) {
  Site site(named);
  EXPECT_EQ(site.option(81, with_fqdn(0x04, laptop, 4)),
            "0cffff"
            "066c6170746f70"
            "076578616d706c65"
            "036f726700");
  EXPECT_EQ(site.option(81, with_fqdn(0x04, whole, 4)), "0cffff" + to_hex(whole));
  EXPECT_EQ(site.option(81, with_fqdn(0x04, {}, 4)), "0cffff");
}

TEST(Fqdn, IsNotSentToWhoDidNotSendItNorForOneThatIsCutShort) {
  Site site(named);
  EXPECT_EQ(site.option(81, asking({81})), "none");
  DhcpMessage cut = asking({81});
  cut.options.set_raw(81, {0, 0});
  EXPECT_EQ(site.option(81, cut), "none");
}

}  // namespace slipway::conformance
