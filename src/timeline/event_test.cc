// SPDX-License-Identifier: MPL-2.0
#include "timeline/event.h"

#include <set>

#include <gtest/gtest.h>

#include "timeline/story.h"

namespace slipway::timeline {

using namespace std::chrono_literals;

TEST(Role, IsToldFromTheNameAFileIsServedUnder) {
  EXPECT_EQ(role_of("undionly.kpxe"), Role::loader);
  EXPECT_EQ(role_of("/snponly.efi"), Role::loader);
  EXPECT_EQ(role_of("pxelinux.0"), Role::loader);
  EXPECT_EQ(role_of("/boot/0c-c4-7a-ab-cd-ef.ipxe"), Role::script);
  EXPECT_EQ(role_of("boot.ipxe.010CC47AABCDEF"), Role::script);
  EXPECT_EQ(role_of("menu.lst.010CC47AABCDEF"), Role::script);
  EXPECT_EQ(role_of("pxelinux.cfg/default"), Role::script);
  EXPECT_EQ(role_of("pxelinux.cfg/01-0c-c4-7a-ab-cd-ef"), Role::probe);
  EXPECT_EQ(role_of("autoexec.ipxe"), Role::probe);
  EXPECT_EQ(role_of("/s/0123456789ab/platform/i86pc/kernel/amd64/unix"), Role::kernel);
  EXPECT_EQ(role_of("/os/S/platform/i86pc/amd64/boot_archive?x=1"), Role::archive);
  EXPECT_EQ(role_of("/os/S/platform/i86pc/amd64/boot_archive.hash"), Role::module);
  EXPECT_EQ(role_of("/bootfs/0cc47aabcdef/networking.json"), Role::module);
  EXPECT_EQ(role_of("/images/0123456789ab/debian-installer/amd64/linux"), Role::kernel);
  EXPECT_EQ(role_of("/images/0123456789ab/debian-installer/amd64/initrd.gz"), Role::archive);
  EXPECT_EQ(role_of("/images/0123456789ab/fedora-coreos-43-live-kernel.x86_64"), Role::kernel);
  EXPECT_EQ(role_of("/images/0123456789ab/fedora-coreos-43-live-initramfs.x86_64.img"), Role::archive);
  EXPECT_EQ(role_of("/images/0123456789ab/flatcar_production_pxe_image.cpio.gz"), Role::archive);
  EXPECT_EQ(role_of("/images/0123456789ab/memtest86+x64.efi"), Role::archive);
  EXPECT_EQ(role_of("/images/0123456789ab/tool.iso"), Role::archive);
  EXPECT_EQ(role_of("readme.txt"), Role::other);
  EXPECT_EQ(role_of(""), Role::other);
}

TEST(Kind, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(Kind::note); ++kind) {
    names.insert(to_string(static_cast<Kind>(kind)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Kind::note) + 1);
}

TEST(Event, IsOneLineForAPerson) {
  Event event;
  event.kind = Kind::http_finished;
  event.name = "/os/S/platform/i86pc/amd64/boot_archive";
  event.bytes = event.total = 358'400'000;
  event.took = 3100ms;
  EXPECT_EQ(describe(event),
            "HTTP delivered /os/S/platform/i86pc/amd64/boot_archive: 358.4 MB in 3.1 s (115.6 MB/s)");

  Event ask;
  ask.kind = Kind::dhcp_discover;
  ask.stage = model::Stage::pxe_rom;
  ask.arch = model::Arch::bios;
  ask.detail = "vendor class PXEClient";
  EXPECT_NE(describe(ask).find("DHCPDISCOVER from "), std::string::npos) << describe(ask);
  EXPECT_NE(describe(ask).find("BIOS (0): vendor class PXEClient"), std::string::npos) << describe(ask);
}

TEST(Event, NamesThePacketThatWasNotAnswered) {
  Event event;
  event.kind = Kind::dhcp_dropped;
  event.detail = "bootp_not_allowed";
  EXPECT_EQ(describe(event), "DHCP packet not answered: bootp_not_allowed");
  event.name = line_of(Kind::bootp_request);
  EXPECT_EQ(describe(event), "BOOTP request not answered: bootp_not_allowed");
}

TEST(Event, SaysWhoSpokeToWhom) {
  Story story;
  auto text = [&](Kind kind, std::string detail = {}) {
    return describe(story.dhcp(kind, model::Stage::grub, std::move(detail)));
  };
  EXPECT_TRUE(text(Kind::dhcp_request).starts_with("DHCPREQUEST from GRUB"));
  EXPECT_TRUE(text(Kind::dhcp_offer).starts_with("DHCPOFFER undionly.kpxe to GRUB"));
  EXPECT_EQ(text(Kind::dhcp_dropped, "pool_exhausted"),
            "DHCP packet not answered, from GRUB, BIOS (0): pool_exhausted");
}

TEST(Event, LetsNoStrangerMoveTheCursor) {
  Event event;
  event.kind = Kind::tftp_refused;
  event.name = "\x1b[2Jx\ny";
  event.detail = "no file \x07";
  EXPECT_EQ(describe(event), "TFTP refused \\x1b[2Jx\\x0ay: no file \\x07");
}

}  // namespace slipway::timeline
