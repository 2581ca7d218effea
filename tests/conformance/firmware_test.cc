// SPDX-License-Identifier: MPL-2.0
// What each kind of firmware is told, with the address and beside another server.
#include <fmt/format.h>

#include "conformance/site.h"
#include "dhcp/identify.h"

namespace slipway::conformance {
namespace {

const std::string beside_another = one_subnet + "mode = \"proxy\"\n";

DhcpMessage from_a_pi(DhcpMessage message = discover()) {
  message = dhcp::test::as_pxe_rom(std::move(message), 0);
  message.set_mac({{0xdc, 0xa6, 0x32, 1, 2, 3}});
  return message;
}

/// Sub-options 6 = 3, 9 = item 0 "Raspberry Pi Boot", 10 = prompt "PXE" for no time, END.
const std::string pi_menu =
    "060103"
    "0914000011" +
    hex_of("Raspberry Pi Boot") + "0a0400" + hex_of("PXE") + "ff";

}  // namespace

TEST(RaspberryPi, SeesItsMenuInCombinedAndProxyAnswers) {
  for (const std::string& file : {one_subnet, beside_another}) {
    Site site(file);
    auto answer = site.ask(from_a_pi());
    ASSERT_TRUE(answer);
    EXPECT_EQ(to_hex(*answer->options.raw(43)), pi_menu);
    EXPECT_EQ(answer->options.get<opt::VendorClass>(), "PXEClient");
    EXPECT_EQ(answer->siaddr, ip("10.0.0.2"));
    EXPECT_EQ(answer->options.get<opt::TftpServerName>(), "10.0.0.2");
    EXPECT_EQ(answer->file, "");
  }
}

TEST(RaspberryPi, AloneSeesThatMenu) {
  EXPECT_EQ(Site(one_subnet).option(43, dhcp::test::as_pxe_rom(asking({43}), 0)), "none");
  EXPECT_NE(Site(beside_another).option(43, dhcp::test::as_pxe_rom(discover(), 0)), pi_menu);
}

TEST(UefiPxe, GetsNeitherOption60Nor43WithItsAddress) {
  auto answer = Site(one_subnet).ask(dhcp::test::as_pxe_rom(asking({43, 60, 66, 67}), 7));
  EXPECT_FALSE(answer->options.has(43));
  EXPECT_FALSE(answer->options.has(60));
  EXPECT_EQ(answer->file, "ipxe.efi");
}

TEST(UefiHttp, GetsAUrlWhereALoaderRunsAndHttpClientInAnyCase) {
  for (std::uint16_t arch = 15; arch <= 20; ++arch) {
    auto answer = Site(one_subnet).ask(dhcp::test::as_http_rom(discover(), arch));
    EXPECT_EQ(answer->options.get<opt::VendorClass>(), "HTTPClient") << arch;
    std::string url = answer->options.get<opt::BootFileName>().value_or("none");
    if (arch == 16) {
      EXPECT_EQ(url, "http://10.0.0.2/ipxe.efi");
    } else if (arch == 17) {
      EXPECT_EQ(url, "none") << "nothing here runs on EBC";
    }
    EXPECT_TRUE(url == "none" || url.starts_with("http://10.0.0.2/")) << url;
  }
}

TEST(IllumosLoader, GetsTheRootPathThatItsClassSaysWithoutAsking) {
  Site site(one_subnet +
            "[[class]]\nname = \"loader\"\nwhen = { user-class = \"illumos\" }\n"
            "options = { root-path = \"tftp://10.0.0.2/illumos\" }\n");
  DhcpMessage loader = discover();
  loader.options.set<opt::VendorClass>("PXEClient");
  loader.options.set_raw(opt::UserClass::code, {7, 'i', 'l', 'l', 'u', 'm', 'o', 's'});
  auto answer = site.ask(loader);
  EXPECT_EQ(answer->options.get<opt::RootPath>(), "tftp://10.0.0.2/illumos");
  EXPECT_EQ(answer->siaddr, ip("10.0.0.2"));
}

TEST(Architectures, OfTheRegistryHaveNamesAndOthersTheirNumber) {
  for (unsigned code = 0; code <= 41; ++code) {
    std::string name = model::to_string(static_cast<model::Arch>(code));
    EXPECT_TRUE(name.ends_with(fmt::format(" ({})", code))) << name;
  }
  EXPECT_EQ(model::to_string(static_cast<model::Arch>(42)), "architecture 42");
  EXPECT_EQ(model::to_string(static_cast<model::Arch>(12)), "PowerPC Open Firmware (12)");
  EXPECT_TRUE(model::is_http_boot(static_cast<model::Arch>(40)));
  EXPECT_FALSE(model::is_http_boot(model::Arch::uefi_x64));
  EXPECT_FALSE(model::is_http_boot(static_cast<model::Arch>(42)));
}

}  // namespace slipway::conformance
