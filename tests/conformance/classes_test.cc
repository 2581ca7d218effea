// SPDX-License-Identifier: MPL-2.0
// Hard cases of classes: which fields and options a client gets for what it is.
#include "conformance/site.h"

namespace slipway::conformance {
namespace {

const std::string by_architecture = one_subnet + R"(
[[class]]
name = "bios"
when = { arch = 0 }
boot-file = "bios.0"
next-server = "10.0.0.8"
[[class]]
name = "uefi"
when = { option = { pxe-interface-id = "hex:01:03*" }, not = { class = "bios" } }
boot-file = "uefi.efi"
[[class]]
name = "this-board"
when = { uuid = "564d7f5c-*" }
boot-file = "board.efi"
)";

DhcpMessage with_vendor_class(std::string_view text, DhcpMessage message = discover()) {
  message.options.set<opt::VendorClass>(std::string(text));
  return message;
}

}  // namespace

TEST(BootFields, ComeFromTheClassThatFitsInOfferAndAck) {
  Site site(by_architecture);
  for (const DhcpMessage& plain : {discover(), dhcp::test::selecting("10.0.0.100")}) {
    DhcpMessage bios = plain, uefi = plain, board = plain;
    bios.options.set<opt::ClientArch>({0});
    uefi.options.set_raw(opt::ClientInterface::code, {1, 3, 16});
    board.options.set_raw(97, wire::encode_client_uuid(*Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef")));
    auto answer = site.ask(bios);
    EXPECT_EQ(answer->file, "bios.0");
    EXPECT_EQ(answer->siaddr, ip("10.0.0.8"));
    EXPECT_EQ(site.ask(uefi)->file, "uefi.efi");
    EXPECT_EQ(site.ask(board)->file, "board.efi");
    EXPECT_EQ(site.ask(plain)->file, "");
  }
}

TEST(BootFields, OfTwoClassesThatAMachineNamesAreMerged) {
  Site site(one_subnet + R"(
[[class]]
name = "file"
boot-file = "special.0"
[[class]]
name = "server"
next-server = "10.0.0.8"
options = { 224 = "b" }
[[machine]]
name = "node1"
mac = "52:54:00:77:00:01"
classes = ["server", "file"]
)");
  auto offer = site.ask(asking({224}));
  EXPECT_EQ(offer->file, "special.0");
  EXPECT_EQ(offer->siaddr, ip("10.0.0.8"));
  EXPECT_EQ(site.option(224, asking({224})), hex_of("b"));
  EXPECT_EQ(site.ask(discover(2))->file, "");
}

TEST(Classes, GetNoAnswerWhereTheSubnetIsForAnother) {
  Site site(R"(
[server]
interfaces = ["eth1"]
[[subnet]]
network = "10.0.0.0/24"
[[subnet.pool]]
range = "10.0.0.100-10.0.0.150"
class = "phones"
[[class]]
name = "phones"
when = { vendor-class = "Phone" }
)");
  EXPECT_TRUE(site.ask(with_vendor_class("Phone", discover(1))));
  EXPECT_FALSE(site.ask(with_vendor_class("Phone2", discover(2))));
  EXPECT_EQ(site.dropped(), "no_pool");
}

TEST(Classes, MayGetNoAnswerAtAll) {
  Site site(one_subnet + R"(
[[class]]
name = "strangers"
when = { known = false, vendor-class = ["Printer*", "hex:50:68*"] }
answer = false
)");
  EXPECT_FALSE(site.ask(with_vendor_class("Phone")));
  EXPECT_EQ(site.dropped(), "class_not_answered");
  EXPECT_TRUE(site.ask(with_vendor_class("Laptop")));
}

TEST(Classes, LookAtAnOptionThatCameInPiecesAsOne) {
  Site site(one_subnet + R"(
[[class]]
name = "first"
when = { vendor-class = "1234" }
options = { 224 = "first" }
[[class]]
name = "second"
when = { vendor-class = "5678" }
options = { 224 = "second" }
[[class]]
name = "both"
when = { vendor-class = "12345678" }
options = { 224 = "both" }
)");
  DhcpMessage request = asking({224});
  request.options.append_raw(60, as_bytes("1234"));
  EXPECT_EQ(site.option(224, request), hex_of("first"));
  request.options.append_raw(60, as_bytes("5678"));
  EXPECT_EQ(site.option(224, request), hex_of("both"));
}

TEST(VendorOptions, MeanAnotherThingToEachVendor) {
  Site site(one_subnet + R"(
[[class]]
name = "pxe"
when = { vendor-class = "PXEClient*" }
options = { vendor-encapsulated-options = { discovery-control = 8, mtftp-ip = "10.0.0.7" } }
[[class]]
name = "apc"
when = { vendor-class = "APC" }
options = { 43 = { 1 = "1APC" } }
[[class]]
name = "siemens"
when = { vendor-class = "OptiIpPhone" }
options = { 43 = { 2 = { type = "u32", value = 15 }, 3 = { type = "text", value = "sdlp://10.0.0.7" } } }
[[class]]
name = "bare"
when = { vendor-class = "bare" }
options = { 43 = {} }
)");
  EXPECT_EQ(site.option(43, with_vendor_class("PXEClient", asking({43}))), "06010801040a000007");
  EXPECT_EQ(site.option(43, with_vendor_class("APC", asking({43}))), "010431415043");
  EXPECT_EQ(site.option(43, with_vendor_class("OptiIpPhone", asking({43}))),
            "02040000000f030f" + hex_of("sdlp://10.0.0.7"));
  EXPECT_EQ(site.option(43, with_vendor_class("bare", asking({43}))), "");
  EXPECT_EQ(site.option(43, with_vendor_class("none of these", asking({43}))), "none");
}

TEST(VendorOptions, ByEnterpriseStandTogetherInOneOption) {
  Site site(one_subnet +
            "options = { 125 = { 4491 = { 2 = \"text\" }, 25506 = { 1 = { hex = \"0a\" } } } }\n");
  EXPECT_EQ(site.option(125, asking({125})),
            "0000118b06020474657874"
            "000063a20301010a");
}

TEST(VendorOptions, OfPxeDoNotReachUefiUnlessItsClassSaysSo) {
  std::string everyone = "[options]\n43 = { discovery-control = 8 }\n60 = \"PXEClient\"\n";
  DhcpMessage uefi = dhcp::test::as_pxe_rom(asking({43, 60}), 7);
  EXPECT_EQ(Site(one_subnet + everyone).option(43, uefi), "none");
  EXPECT_EQ(Site(one_subnet + everyone).option(60, uefi), "none");
  Site site(one_subnet + everyone +
            "[[class]]\nname = \"uefi\"\nwhen = { arch = 7 }\n"
            "options = { 60 = \"PXEClient\" }\n");
  EXPECT_EQ(site.option(60, uefi), hex_of("PXEClient"));
}

}  // namespace slipway::conformance
