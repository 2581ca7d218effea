// SPDX-License-Identifier: MPL-2.0
#include "dhcp/identify.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;
using model::Arch;
using model::Stage;

Stage stage_of(const DhcpMessage& message) {
  return identify(message).client.stage;
}

TEST(Identify, KnowsIpxeByItsBareUserClass) {
  Identity identity = identify(as_ipxe(discover()));
  EXPECT_EQ(identity.client.stage, Stage::ipxe);
  EXPECT_EQ(identity.client.user_class, "iPXE");
  EXPECT_EQ(identity.known_by, "user class iPXE");
}

TEST(Identify, KnowsIpxeByALengthPrefixedUserClassAmongOthers) {
  DhcpMessage message = as_pxe_rom(discover(), 0);
  message.options.set_raw(opt::UserClass::code, {3, 'l', 'a', 'b', 4, 'i', 'P', 'X', 'E'});
  EXPECT_EQ(stage_of(message), Stage::ipxe);
}

TEST(Identify, KnowsIpxeByItsFeaturesWhereItCallsItselfOtherwise) {
  DhcpMessage message = with_features(as_pxe_rom(discover(), 0), {0x13, 0x19});
  message.options.set_raw(opt::UserClass::code, {'N', 'o', 't', 'I', 'P', 'X', 'E'});
  Identity identity = identify(message);
  EXPECT_EQ(identity.client.stage, Stage::ipxe);
  EXPECT_TRUE(identity.client.features.reported);
  EXPECT_TRUE(identity.client.features.http);
  EXPECT_TRUE(identity.client.features.multiboot);
  EXPECT_FALSE(identity.client.features.https);
}

TEST(Identify, ClaimsNoFeaturesForAnIpxeThatReportsNone) {
  EXPECT_FALSE(identify(as_ipxe(discover())).client.features.reported);
}

TEST(Identify, KnowsFirmwareByItsVendorClass) {
  EXPECT_EQ(stage_of(as_pxe_rom(discover(), 7)), Stage::pxe_rom);
  EXPECT_EQ(stage_of(as_http_rom(discover())), Stage::http_rom);
  DhcpMessage uboot = discover();
  uboot.options.set<opt::VendorClass>("U-Boot.armv8");
  EXPECT_EQ(stage_of(uboot), Stage::pxe_rom);
}

TEST(Identify, KnowsFirmwareThatSendsAnArchitectureAlone) {
  DhcpMessage message = discover();
  message.options.set<opt::ClientArch>({11});
  EXPECT_EQ(stage_of(message), Stage::pxe_rom);
  message.options.set<opt::ClientArch>({16});
  EXPECT_EQ(stage_of(message), Stage::http_rom);
}

TEST(Identify, KnowsTheIllumosLoaderThatCallsItselfPxeClient) {
  DhcpMessage message = discover();
  message.options.set<opt::VendorClass>("PXEClient");
  message.options.set_raw(opt::UserClass::code, {7, 'i', 'l', 'l', 'u', 'm', 'o', 's'});
  EXPECT_EQ(stage_of(message), Stage::illumos_loader);
}

TEST(Identify, KnowsTheRunningSystemByItsVendorClass) {
  DhcpMessage message = discover();
  message.options.set<opt::VendorClass>("SUNW.i86pc");
  EXPECT_EQ(stage_of(message), Stage::operating_system);
}

TEST(Identify, KnowsGrubByWhatItLeavesOut) {
  DhcpMessage message = discover();
  message.secs = 4796;
  EXPECT_EQ(stage_of(message), Stage::unknown);  // anybody may send so little
  EXPECT_EQ(identify(message).known_by, "option 53 alone; it may be GRUB");

  message = selecting("10.0.0.100");
  message.options.set<opt::ParameterList>({1, 3, 6, 15, 12, 17, 18, 60});
  EXPECT_EQ(stage_of(message), Stage::grub);
  message.options.set<opt::ParameterList>({1, 3, 6, 66, 67});
  EXPECT_EQ(stage_of(message), Stage::unknown);
}

TEST(Identify, TakesNothingForFirmwareThatDoesNotSaySo) {
  DhcpMessage message = discover();
  message.options.set<opt::VendorClass>("udhcp 1.35.0");
  message.options.set<opt::ParameterList>({1, 3, 6});
  EXPECT_EQ(stage_of(message), Stage::unknown);
  EXPECT_EQ(stage_of(release("10.0.0.100")), Stage::unknown);
}

TEST(Identify, TakesTheFirstArchitectureOfTheList) {
  DhcpMessage message = as_pxe_rom(discover(), 0);
  message.options.set<opt::ClientArch>({9, 7, 0});
  EXPECT_EQ(identify(message).client.arch, Arch::uefi_x64_bc);
}

TEST(Identify, ReadsTheArchitectureFromTheVendorClassOfARomWithoutOption93) {
  DhcpMessage message = discover();
  message.options.set<opt::VendorClass>("PXEClient:Arch:00007:UNDI:003016");
  EXPECT_EQ(identify(message).client.arch, Arch::uefi_x64);
}

TEST(Identify, CarriesAnUnknownArchitectureByItsNumber) {
  auto arch = identify(as_pxe_rom(discover(), 99)).client.arch;
  ASSERT_TRUE(arch.has_value());
  EXPECT_EQ(model::to_string(*arch), "architecture 99");
}

TEST(Identify, TellsARaspberryPiFromTheBiosItSaysItIs) {
  DhcpMessage message = as_pxe_rom(discover(), 0);
  message.set_mac({{0xdc, 0xa6, 0x32, 1, 2, 3}});
  EXPECT_EQ(identify(message).client.arch, Arch::raspberry_pi);
  EXPECT_EQ(identify(as_pxe_rom(discover(), 0)).client.arch, Arch::bios);
}

TEST(Identify, TakesAUuidOfZerosForNone) {
  DhcpMessage message = as_pxe_rom(discover(), 0);
  message.options.set_raw(opt::ClientUuid::code, wire::encode_client_uuid(Uuid{}));
  EXPECT_FALSE(identify(message).client.uuid.has_value());
  Uuid real{{0x44, 0x45, 0x4c, 0x4c}};
  message.options.set_raw(opt::ClientUuid::code, wire::encode_client_uuid(real));
  EXPECT_EQ(identify(message).client.uuid, real);
}

TEST(Identify, TellsTheSenderOfABrokenPacketFromItsHeader) {
  Bytes bytes = wire::serialize(discover(7)).bytes;
  EXPECT_EQ(sender_of(bytes), mac(7));
  EXPECT_EQ(sender_of(ByteView(bytes).first(44)), mac(7));
  EXPECT_FALSE(sender_of(ByteView(bytes).first(43)));
  for (std::size_t at : {0, 1, 2}) {  // op, htype, hlen
    Bytes other = bytes;
    other[at] = 17;
    EXPECT_FALSE(sender_of(other)) << at;
  }
  DhcpMessage nobody = discover();
  nobody.set_mac(MacAddress{});
  EXPECT_FALSE(sender_of(wire::serialize(nobody).bytes));
}

TEST(ClientKey, IsTheMacFromRomToOperatingSystemByDefault) {
  DhcpMessage rom = as_pxe_rom(discover(), 0);
  DhcpMessage os = discover();
  os.options.set<opt::ClientId>({0xff, 1, 2, 3, 4, 0, 1});
  EXPECT_EQ(client_key(rom, model::Identify::mac), client_key(os, model::Identify::mac));
}

TEST(ClientKey, IsTheClientIdWhereTheSubnetSaysSo) {
  DhcpMessage one = discover(1), two = discover(2), other = discover(1);
  one.options.set<opt::ClientId>({0xff, 1, 2, 3, 4});
  two.options.set<opt::ClientId>({0xff, 1, 2, 3, 4});
  other.options.set<opt::ClientId>({0xff, 9});
  EXPECT_EQ(client_key(one, model::Identify::client_id), client_key(two, model::Identify::client_id));
  EXPECT_NE(client_key(one, model::Identify::client_id), client_key(other, model::Identify::client_id));
}

TEST(ClientKey, IsWhatThereIsWhenTheOtherIsMissing) {
  EXPECT_EQ(client_key(discover(1), model::Identify::client_id), lease::ClientKey::of_mac(mac(1)));
  DhcpMessage without_mac = discover();
  without_mac.set_mac(MacAddress{});
  EXPECT_FALSE(client_key(without_mac, model::Identify::mac).has_value());
  without_mac.options.set<opt::ClientId>({1, 2, 3});
  EXPECT_EQ(client_key(without_mac, model::Identify::mac), lease::ClientKey::of_client_id(Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace slipway::dhcp
