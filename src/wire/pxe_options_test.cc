// SPDX-License-Identifier: MPL-2.0
#include "wire/pxe_options.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace slipway::wire {

TEST(PxeOptions, ComeBackAsTheyWentOut) {
  PxeOptions options;
  options.discovery_control = PxeOptions::use_offered_file;
  options.boot_servers = {{0x8000, {*Ipv4::parse("10.0.0.1"), *Ipv4::parse("10.0.0.2")}}, {1, {}}};
  options.boot_menu = {{0x8000, "SmartOS"}, {0, "Local disk"}};
  options.menu_prompt = PxeOptions::Prompt{10, "Press F8"};
  options.boot_item = PxeOptions::BootItem{0x8000, 1};
  Bytes bytes = encode_pxe_options(options);
  EXPECT_EQ(bytes.back(), option_end);
  EXPECT_EQ(parse_pxe_options(bytes), options);
}

TEST(PxeOptions, AreWhatAProxyThatNamesTheFileSends) {
  PxeOptions options;
  options.discovery_control = PxeOptions::use_offered_file;
  EXPECT_EQ(to_hex(encode_pxe_options(options)), "060108ff");
}

TEST(PxeOptions, GiveNothingWhenASubOptionLies) {
  EXPECT_FALSE(parse_pxe_options(Bytes{6, 0}));                        // no control byte
  EXPECT_FALSE(parse_pxe_options(Bytes{8, 7, 0, 1, 2, 10, 0, 0, 1}));  // two servers announced, one there
  EXPECT_FALSE(parse_pxe_options(Bytes{9, 4, 0, 1, 9, 'x'}));          // menu text past its end
  EXPECT_FALSE(parse_pxe_options(Bytes{71, 2, 0, 1}));
  EXPECT_TRUE(parse_pxe_options(Bytes{1, 4, 0, 0, 0, 0, 255}));  // MTFTP's: passed over
}

TEST(ClientUuid, IsTypeZeroAndSixteenBytes) {
  Uuid uuid = *Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
  EXPECT_EQ(parse_client_uuid(encode_client_uuid(uuid)), uuid);
  Bytes bytes = encode_client_uuid(uuid);
  bytes[0] = 1;
  EXPECT_FALSE(parse_client_uuid(bytes));
  bytes[0] = 0;
  bytes.pop_back();
  EXPECT_FALSE(parse_client_uuid(bytes));
}

TEST(UserClass, IsReadBareAndLengthPrefixed) {
  auto read = [](std::string_view text) { return parse_user_class(as_bytes(text)); };
  EXPECT_EQ(read("iPXE"), std::vector<std::string>{"iPXE"});
  EXPECT_EQ(read("\4iPXE"), std::vector<std::string>{"iPXE"});
  EXPECT_EQ(read("\7illumos\3abc"), (std::vector<std::string>{"illumos", "abc"}));
  EXPECT_EQ(read(std::string_view("iPXE\0", 5)), std::vector<std::string>{"iPXE"});
  EXPECT_TRUE(read("").empty());
}

TEST(VendorClass, TellsTheArchitectureFirmwareWrites) {
  auto pxe = parse_vendor_class("PXEClient:Arch:00007:UNDI:003016");
  ASSERT_TRUE(pxe);
  EXPECT_EQ(pxe->name, "PXEClient");
  EXPECT_EQ(pxe->arch, 7);
  EXPECT_EQ(pxe->undi, "003016");
  EXPECT_EQ(parse_vendor_class("HTTPClient:Arch:00016:UNDI:003001")->arch, 16);
  EXPECT_FALSE(parse_vendor_class("PXEClient")->arch);  // iPXE to port 4011, illumos' loader
  EXPECT_FALSE(parse_vendor_class("PXEClient:Arch:99999")->arch);
  EXPECT_FALSE(parse_vendor_class("udhcp 1.35.0"));
  EXPECT_FALSE(parse_vendor_class("PXEClients"));
}

TEST(IpxeOptions, NameTheFeaturesABuildHas) {
  EXPECT_FALSE(parse_ipxe_options(*from_hex("b10601808610")));  // a bus id cut short
  auto ipxe = parse_ipxe_options(*from_hex("190101130101100102140100eb03010000"));
  ASSERT_TRUE(ipxe);
  EXPECT_TRUE(ipxe->has(IpxeOptions::multiboot));
  EXPECT_TRUE(ipxe->has(IpxeOptions::http));
  EXPECT_TRUE(ipxe->has(IpxeOptions::pxe_extensions));
  EXPECT_FALSE(ipxe->has(IpxeOptions::https));  // version 0: switched off
  EXPECT_FALSE(ipxe->has(IpxeOptions::multiboot2));
  EXPECT_EQ(ipxe->version, "1.0.0");
}

}  // namespace slipway::wire
