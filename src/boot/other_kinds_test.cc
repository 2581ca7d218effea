// SPDX-License-Identifier: MPL-2.0
// Multiboot kernels, EFI programs, ISO images and wimboot: how each is started, and where it cannot be.
#include <gmock/gmock.h>

#include "boot/lint.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::ImageKind;
using testing::bios_ipxe;
using testing::context;
using testing::expect_golden;
using ::testing::HasSubstr;
using testing::plan_of;
using testing::uefi_ipxe;
using Use = model::BootPart::Use;
using Why = Refusal::Why;

model::Image image(ImageKind kind, std::vector<model::BootPart> parts) {
  model::Image made;
  made.id = std::string(64, 'e');
  made.kind = kind;
  made.version = "one";
  for (const model::BootPart& part : parts)
    made.files.push_back({part.path, 1000, std::string(64, '0'), std::string(40, '0')});
  made.parts = std::move(parts);
  return made;
}

model::Image xen() {
  return image(ImageKind::multiboot,
               {{Use::kernel, "xen", ""}, {Use::module, "vmlinuz", "root=/dev/ram0 quiet"}});
}
model::Image memtest() {
  return image(ImageKind::efi, {{Use::kernel, "memtest64.bin", ""}, {Use::program, "memtest64.efi", ""}});
}
model::Image disk() {
  return image(ImageKind::iso, {{Use::disk, "tool.iso", ""}});
}
model::Image drive() {
  return image(ImageKind::disk, {{Use::disk, "tool.img", ""}});
}
model::Image windows() {
  return image(ImageKind::wimboot, {{Use::kernel, "wimboot", ""},
                                    {Use::initrd, "boot/bcd", ""},
                                    {Use::initrd, "boot/boot.sdi", ""},
                                    {Use::initrd, "sources/boot.wim", ""}});
}

struct Answer {
  std::shared_ptr<const model::Plan> plan;
  Decision decision;

  std::string script() const { return ipxe_script(decision, context()); }
  Refusal refusal() const {
    auto* refused = std::get_if<Refusal>(&decision);
    return refused ? *refused : Refusal{Why::no_image, "it boots", ""};
  }
};

Answer answer(const model::Image& given, const model::Client& client,
              std::vector<std::string> arguments = {}) {
  model::Draft made = testing::draft();
  made.profiles[0].name = "other";
  made.profiles[0].image = {given.kind, "latest"};
  made.profiles[0].properties.clear();
  made.profiles[0].arguments = std::move(arguments);
  auto plan = plan_of(made, {given});
  Decision decision = decide(*plan, client);
  return {std::move(plan), std::move(decision)};
}

std::string start_of(const std::string& script) {
  std::size_t from = script.find("imgfree ||\n");
  return script.substr(from, script.find("\n\n", from) - from);
}

const std::string at = "http://10.99.99.250/images/eeeeeeeeeeee/";

}  // namespace

TEST(OtherKinds, WhatIsWrittenForThemHasNoErrors) {
  for (const model::Image& each : {xen(), memtest(), disk(), windows()}) {
    Answer got = answer(each, bios_ipxe());
    EXPECT_TRUE(lint_ipxe(got.script()).empty())
        << lint_ipxe(got.script()).front().to_string() << got.script();
    EXPECT_TRUE(lint(got.decision, context()).empty());
    EXPECT_FALSE(has_errors(lint_pxelinux(pxelinux_config(got.decision, context()))));
  }
}

TEST(Multiboot, GivesKernelAndModulesTheirWords) {
  Answer got = answer(xen(), bios_ipxe(), {"com1=115200,8n1", "console=com1"});
  EXPECT_EQ(start_of(got.script()),
            "imgfree ||\nkernel " + at + "xen com1=115200,8n1 console=com1 || goto failed_kernel\n" +
                "module " + at + "vmlinuz root=/dev/ram0 quiet || goto failed_file\n" +
                "boot || goto failed_boot");
  EXPECT_THAT(pxelinux_config(got.decision, context()),
              HasSubstr("kernel mboot.c32\nappend images/eeeeeeeeeeee/xen com1=115200,8n1 console=com1 --- "
                        "images/eeeeeeeeeeee/vmlinuz root=/dev/ram0 quiet\n"));
  EXPECT_THAT(menu_lst(got.decision, context()),
              HasSubstr("module /images/eeeeeeeeeeee/vmlinuz root=/dev/ram0"));
  EXPECT_EQ(answer(xen(), uefi_ipxe()).refusal().why, Why::uefi);
}

TEST(Multiboot, ThatDoesNotFitIsSaidInsteadOfCut) {
  Answer got = answer(xen(), bios_ipxe(), {std::string(500, 'x')});
  EXPECT_THAT(got.script(), HasSubstr("this iPXE carries 512"));
}

TEST(Illumos, IsServedBelowPlatformByItsShortId) {
  model::Image omnios = testing::smartos_image("omnios-r151050", std::string(64, 'e'));
  omnios.kind = ImageKind::illumos;
  Answer got = answer(omnios, bios_ipxe());
  EXPECT_THAT(got.script(),
              HasSubstr("kernel http://10.99.99.250/s/eeeeeeeeeeee/platform/i86pc/kernel/amd64/unix"));
  EXPECT_THAT(got.script(), HasSubstr("boot_archive type=rootfs name=ramdisk"));
  EXPECT_TRUE(lint_ipxe(got.script()).empty());
}

TEST(EfiProgram, IsChainedOnUefiAndItsKernelStartedOnABios) {
  EXPECT_EQ(start_of(answer(memtest(), uefi_ipxe()).script()),
            "imgfree ||\nchain --autofree " + at + "memtest64.efi || goto failed_program\nexit");
  EXPECT_EQ(start_of(answer(memtest(), bios_ipxe()).script()),
            "imgfree ||\nkernel " + at + "memtest64.bin || goto failed_kernel\nboot || goto failed_boot");
}

TEST(EfiProgram, IsNotForMachinesOfOtherFirmware) {
  auto only_efi = image(ImageKind::efi, {{Use::program, "shell.efi", ""}});
  Refusal refused = answer(only_efi, bios_ipxe()).refusal();
  EXPECT_EQ(refused.why, Why::firmware);
  EXPECT_THAT(refused.sentence, HasSubstr("for UEFI machines"));
  auto only_bios = image(ImageKind::efi, {{Use::kernel, "memtest64.bin", ""}});
  EXPECT_THAT(answer(only_bios, uefi_ipxe()).refusal().sentence, HasSubstr("for BIOS machines"));
}

TEST(Iso, IsStartedAsACd) {
  for (const model::Client& client : {bios_ipxe(), uefi_ipxe()}) {
    EXPECT_EQ(start_of(answer(disk(), client).script()),
              "imgfree ||\nsanboot --no-describe " + at + "tool.iso || goto failed_disk\nexit");
  }
  EXPECT_THAT(pxelinux_config(answer(disk(), bios_ipxe()).decision, context()),
              HasSubstr("PXELINUX cannot start"));
  EXPECT_THAT(menu_lst(answer(disk(), bios_ipxe()).decision, context()),
              HasSubstr("GRUB legacy cannot start"));
}

TEST(Drive, IsStartedAsTheFirst) {
  for (const model::Client& client : {bios_ipxe(), uefi_ipxe()}) {
    EXPECT_EQ(start_of(answer(drive(), client).script()),
              "imgfree ||\nsanboot --no-describe --drive 0x80 " + at + "tool.img || goto failed_disk\nexit");
  }
  EXPECT_THAT(pxelinux_config(answer(drive(), bios_ipxe()).decision, context()),
              HasSubstr("PXELINUX cannot start"));
}

TEST(Iso, NeedsHttpAsADriveDoes) {
  model::Client client = bios_ipxe();
  client.features.http = false;
  EXPECT_THAT(answer(drive(), client).script(), HasSubstr("an ISO or a disk image is read over HTTP"));
  EXPECT_THAT(answer(disk(), client).script(), HasSubstr("an ISO or a disk image is read over HTTP"));
}

TEST(Wimboot, GetsItsFilesByName) {
  expect_golden("wimboot.ipxe", answer(windows(), bios_ipxe()).script());
}

}  // namespace slipway::boot
