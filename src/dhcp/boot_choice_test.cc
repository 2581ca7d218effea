// SPDX-License-Identifier: MPL-2.0
// Which file each program is told to boot.
#include "dhcp/boot_choice.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

constexpr std::uint8_t http = 0x13, multiboot = 0x19, bzimage = 0x18, efi = 0x24;

std::string file_for(const DhcpMessage& message, model::Draft draft = site()) {
  Rig rig(std::move(draft));
  return rig.handle(message).trace.boot_file;
}

TEST(BootChoice, IsALoaderForTheArchitectureOfARom) {
  EXPECT_EQ(file_for(as_pxe_rom(discover(), 0)), "undionly.kpxe");
  EXPECT_EQ(file_for(as_pxe_rom(discover(), 7)), "ipxe.efi");
  EXPECT_EQ(file_for(as_pxe_rom(discover(), 9)), "ipxe.efi");
}

TEST(BootChoice, IsTheBestLoaderThatIsThere) {
  Rig rig;
  rig.responder.publish(rig.plan, {"ipxe.pxe", "snponly.efi"});
  EXPECT_EQ(rig.handle(as_pxe_rom(discover(), 0)).trace.boot_file, "ipxe.pxe");
  EXPECT_EQ(rig.handle(as_pxe_rom(discover(), 7)).trace.boot_file, "snponly.efi");
  rig.responder.publish(rig.plan, {});
  Trace trace = rig.handle(as_pxe_rom(discover(), 0)).trace;
  EXPECT_EQ(trace.boot_file, "undionly.kpxe");
  EXPECT_THAT(trace.reason, testing::EndsWith("the loader for BIOS (0), which is not installed"));
}

/// Those of the rig, with an iPXE that starts SmartOS from UEFI among them.
Loaders with_capable(const std::string& name) {
  Loaders loaders{"undionly.kpxe", "ipxe.efi", "snponly.efi"};
  loaders.all[name].features.reported = loaders.all[name].features.multiboot2 = true;
  return loaders;
}

TEST(BootChoice, IsAnIpxeThatStartsSmartosFromUefiBeforeOneThatCannot) {
  Rig rig;
  rig.responder.publish(rig.plan, with_capable("snponly.efi"));
  EXPECT_EQ(rig.handle(as_pxe_rom(discover(), 7)).trace.boot_file, "snponly.efi");
}

TEST(BootChoice, IsNothingForAnArchitectureNobodyKnowsButAnAddressAllTheSame) {
  Rig rig;
  Handled handled = rig.handle(as_pxe_rom(discover(), 99));
  EXPECT_EQ(handled.trace.boot_file, "");
  EXPECT_THAT(handled.trace.reason, testing::HasSubstr("no loader for architecture 99"));
  const DhcpMessage& offer = std::get<Answer>(handled.verdict).message;
  EXPECT_EQ(offer.yiaddr, ip("10.0.0.100"));
  EXPECT_TRUE(offer.siaddr.is_any());
  EXPECT_FALSE(offer.options.has(opt::BootFileName::code));
}

TEST(BootChoice, IsTheScriptOfTheMachineForIpxe) {
  EXPECT_EQ(file_for(as_ipxe(discover())), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  EXPECT_EQ(file_for(as_ipxe(discover(), 7)), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  model::Draft draft = site();
  draft.server.http_port = 8080;
  EXPECT_EQ(file_for(as_ipxe(discover()), draft), "http://10.0.0.2:8080/boot/52-54-00-77-00-01.ipxe");
}

TEST(BootChoice, IsTheScriptOverTftpForAnIpxeWithoutHttp) {
  EXPECT_EQ(file_for(with_features(as_ipxe(discover()), {multiboot})),
            "tftp://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  EXPECT_EQ(file_for(with_features(as_ipxe(discover()), {multiboot, http})),
            "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
}

TEST(BootChoice, IsAUrlForUefiHttpBoot) {
  EXPECT_EQ(file_for(as_http_rom(discover())), "http://10.0.0.2/ipxe.efi");
}

TEST(BootChoice, IsNothingForAnOperatingSystem) {
  DhcpMessage os = discover();
  os.options.set<opt::VendorClass>("SUNW.i86pc");
  EXPECT_EQ(file_for(os), "");
  EXPECT_EQ(file_for(discover()), "");
}

TEST(BootChoice, TellsTheIllumosLoaderItsServer) {
  DhcpMessage loader = discover();
  loader.options.set_raw(opt::UserClass::code, {7, 'i', 'l', 'l', 'u', 'm', 'o', 's'});
  Rig rig;
  EXPECT_EQ(said(rig.send(loader)).siaddr, server_address);
}

TEST(BootChoice, LeavesAnUnknownRomToItsDiskWhereTheFileSaysSo) {
  model::Draft draft = site();
  draft.boot.unknown = model::UnknownPolicy::local;
  EXPECT_EQ(file_for(as_pxe_rom(discover(), 0), draft), "");
  EXPECT_EQ(file_for(as_ipxe(discover()), draft), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  draft.machines = {machine("node1", 1)};
  EXPECT_EQ(file_for(as_pxe_rom(discover(), 0), draft), "undionly.kpxe");
}

model::Draft with_class(std::string boot_file) {
  model::Draft draft = site();
  model::BootClass bios;
  bios.name = "bios";
  bios.when.emplace().arch = {model::Arch::bios};
  bios.boot_file = std::move(boot_file);
  bios.next_server = ip("10.0.0.250");
  draft.classes = {bios};
  return draft;
}

TEST(BootChoice, IsLeftToFirmwareThatNamesItsFileItself) {
  Rig rig;
  DhcpMessage u_boot = discover();
  u_boot.options.set<opt::VendorClass>("U-Boot.armv8");
  EXPECT_TRUE(said(rig.send(u_boot)).siaddr.is_any());
  u_boot.file = "boot.scr.uimg";
  DhcpMessage offer = said(rig.send(u_boot));
  EXPECT_EQ(offer.siaddr, server_address) << "U-Boot: 'serverip' not set";
  EXPECT_EQ(offer.file, "");
}

TEST(BootChoice, IsWhatAClassSays) {
  Rig rig(with_class("pxelinux.0"));
  DhcpMessage offer = said(rig.send(as_pxe_rom(discover(), 0)));
  EXPECT_EQ(offer.file, "pxelinux.0");
  EXPECT_EQ(offer.siaddr, ip("10.0.0.250"));
  EXPECT_EQ(offer.options.get<opt::TftpServerName>(), "10.0.0.250");
  EXPECT_EQ(said(rig.send(as_pxe_rom(discover(), 7))).file, "ipxe.efi");
}

// -- Loops ------------------------------------------------------------------------------------------

/// The file of a whole exchange, as one program goes through it.
std::string boots(Rig& rig, DhcpMessage message, std::uint32_t xid) {
  message.xid = xid;
  std::string offered = rig.handle(message).trace.boot_file;
  message.options.set<opt::MessageType>(MessageType::request);
  message.options.set<opt::ServerId>(server_address);
  message.options.set<opt::RequestedAddress>(ip("10.0.0.100"));
  Settled settled = rig.send(message);
  EXPECT_EQ(said(settled).options.get<opt::BootFileName>(), offered);
  return offered;
}

TEST(BootChoice, ChainsAnIpxeThatCannotDoWhatItsProfileNeedsOnceAndThenGivesTheScript) {
  Rig rig;
  DhcpMessage incapable = with_features(as_ipxe(discover()), {http, bzimage});
  EXPECT_EQ(boots(rig, incapable, 1), "undionly.kpxe");
  EXPECT_EQ(boots(rig, incapable, 2), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  EXPECT_EQ(boots(rig, incapable, 3), "undionly.kpxe") << "the machine was reset";
}

TEST(BootChoice, ChainsAnIpxeOnUefiThatLacksMultiboot2WhereThereIsOneThatHasIt) {
  Rig rig;
  DhcpMessage incapable = with_features(as_ipxe(discover(), 7), {http, efi});
  EXPECT_EQ(boots(rig, incapable, 1), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe") << "it says why not";
  rig.responder.publish(rig.plan, with_capable("ipxe.efi"));
  EXPECT_EQ(boots(rig, incapable, 2), "ipxe.efi");
  EXPECT_EQ(boots(rig, incapable, 3), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
}

TEST(BootChoice, ChainsAnIncapableIpxeAtEveryBootWhenTheLoadedOneIsCapable) {
  Rig rig;
  DhcpMessage incapable = with_features(as_ipxe(discover()), {http, bzimage});
  DhcpMessage capable = with_features(as_ipxe(discover()), {http, multiboot});
  for (std::uint32_t xid = 10; xid < 20; xid += 2) {
    EXPECT_EQ(boots(rig, incapable, xid), "undionly.kpxe");
    EXPECT_EQ(boots(rig, capable, xid + 1), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  }
}

TEST(BootChoice, ChainsNoIpxeThatSaysNothingOrRunsWhereOursWouldBeNoBetter) {
  EXPECT_EQ(file_for(as_ipxe(discover())), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
  EXPECT_EQ(file_for(with_features(as_ipxe(discover(), 7), {http, bzimage})),
            "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
}

TEST(BootChoice, EndsTheLoopAClassWouldMake) {
  Rig rig(with_class("undionly.kpxe"));
  EXPECT_EQ(boots(rig, as_pxe_rom(discover(), 0), 1), "undionly.kpxe");
  EXPECT_EQ(boots(rig, as_ipxe(discover()), 2), "http://10.0.0.2/boot/52-54-00-77-00-01.ipxe");
}

}  // namespace
}  // namespace slipway::dhcp
