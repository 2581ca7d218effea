// SPDX-License-Identifier: MPL-2.0
#include "boot/names.h"

#include <gmock/gmock.h>

#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::mac;

Name name(std::string_view path) {
  auto parsed = parse(path);
  EXPECT_TRUE(parsed) << path << ": " << parsed.error().sentence;
  return parsed ? *parsed : Name{};
}

NameError::Kind error(std::string_view path) {
  auto parsed = parse(path);
  EXPECT_FALSE(parsed) << path;
  return parsed ? NameError::Kind::not_a_path : parsed.error().kind;
}

const Base base{*Ipv4::parse("10.99.99.250"), 80, 69};

}  // namespace

TEST(Names, AreNamesAgainAsTheyAreSpelt) {
  std::string longest;
  while (longest.size() < 1024) longest += "a/";
  longest.back() = 'a';
  auto name = parse(longest);
  ASSERT_TRUE(name);
  auto again = parse(to_path(*name));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *name);
}

TEST(Names, MeanTheSameHoweverClientsWriteTheSlashes) {
  Name plain = LoaderFile{"undionly.kpxe"};
  for (std::string_view path : {"undionly.kpxe", "/undionly.kpxe", "//undionly.kpxe", "/undionly.kpxe\xff",
                                "undionly.kpxe\xff\xff", "undionly.kpxe\xff/\xff"})
    EXPECT_EQ(name(path), plain) << path;
}

TEST(Names, KnowTheScriptOfAMachineInEverySpelling) {
  Name script = BootScript{mac()};
  for (std::string_view path :
       {"/boot/0c-c4-7a-ab-cd-ef.ipxe", "/boot/0C-C4-7A-AB-CD-EF.ipxe", "boot/0c:c4:7a:ab:cd:ef.ipxe",
        "/boot/0cc47aabcdef.ipxe", "/boot.ipxe.010CC47AABCDEF", "/boot.ipxe.010cc47aabcdef"})
    EXPECT_EQ(name(path), script) << path;
  EXPECT_EQ(name("/boot.ipxe"), Name(BootScript{}));
}

TEST(Names, KnowPlatformFilesUnderAllThreeRoots) {
  using Root = PlatformFile::Root;
  EXPECT_EQ(name("/os/20240102T030405Z/platform/i86pc/kernel/amd64/unix"),
            Name(PlatformFile{Root::os, "20240102T030405Z", "platform/i86pc/kernel/amd64/unix"}));
  EXPECT_EQ(name("smartos/20240102T030405Z/platform//i86pc/amd64/boot_archive"),
            Name(PlatformFile{Root::smartos, "20240102T030405Z", "platform/i86pc/amd64/boot_archive"}));
  EXPECT_EQ(name("/s/aaaaaaaaaaaa/platform/i86pc/amd64/boot_archive.hash"),
            Name(PlatformFile{Root::short_id, "aaaaaaaaaaaa", "platform/i86pc/amd64/boot_archive.hash"}));
}

TEST(Names, KnowEveryKeyPxelinuxTries) {
  EXPECT_EQ(name("pxelinux.cfg/default"), Name(PxelinuxConfig{}));
  EXPECT_EQ(name("pxelinux.cfg/01-0c-c4-7a-ab-cd-ef"), Name(PxelinuxConfig{mac()}));
  EXPECT_EQ(name("pxelinux.cfg/B8945908-D6A6-41A9-611D-74A6AB80B83D"),
            Name(PxelinuxConfig{*Uuid::parse("b8945908-d6a6-41a9-611d-74a6ab80b83d")}));
  EXPECT_EQ(name("pxelinux.cfg/0A6363FA"), Name(PxelinuxConfig{*Prefix::parse("10.99.99.250/32")}));
  EXPECT_EQ(name("pxelinux.cfg/0a6"), Name(PxelinuxConfig{*Prefix::parse("10.96.0.0/12")}));
  EXPECT_EQ(name("pxelinux.cfg/0"), Name(PxelinuxConfig{*Prefix::parse("0.0.0.0/4")}));
  EXPECT_EQ(name("pxelinux.cfg/0A6363FA0").index(), Name(OperatorFile{}).index())
      << "nine digits are no address";
}

TEST(Names, KnowTheMenusOfGrubLegacy) {
  EXPECT_EQ(name("/menu.lst"), Name(MenuLst{}));
  EXPECT_EQ(name("/boot/grub/menu.lst"), Name(MenuLst{}));
  EXPECT_EQ(name("/menu.lst.010CC47AABCDEF"), Name(MenuLst{mac()}));
  for (const char* folder : {"/", "/grub/", "/boot/grub/"}) {
    EXPECT_EQ(name(std::string(folder) + "grub.cfg"), Name(GrubConfig{}));
    EXPECT_EQ(name(std::string(folder) + "grub.cfg-01-0c-c4-7a-ab-cd-ef"), Name(GrubConfig{mac()}));
  }
  EXPECT_TRUE(std::holds_alternative<OperatorFile>(name("/boot/grub/grub.cfg-0A4D0001")));
  EXPECT_TRUE(std::holds_alternative<OperatorFile>(name("/efi/grub.cfg")));
}

TEST(Names, KnowImagesAndModulesOfAMachine) {
  EXPECT_EQ(name("/images/aaaaaaaaaaaa/boot/linux"), Name(ImageFile{"aaaaaaaaaaaa", "boot/linux"}));
  EXPECT_EQ(name("/bootfs/0CC47AABCDEF/networking.json"), Name(BootModule{mac(), "networking.json"}));
}

TEST(Names, KnowTheRootOfTheIllumosLoader) {
  EXPECT_EQ(name("/illumos/0C-C4-7A-AB-CD-EF//boot/loader.conf"),
            Name(IllumosFile{mac(), "boot/loader.conf"}));
  EXPECT_EQ(name("illumos/node1/boot/loader.rc"),
            Name(OperatorFile{*SafePath::parse("illumos/node1/boot/loader.rc")}));
}

TEST(Names, LeaveTheRestToTheOperator) {
  for (std::string_view path :
       {"/memtest.bin", "/smartos/mboot.c32", "/os/20240102T030405Z/readme", "/boot/none.ipxe",
        "/boot/grub/i386-pc/core.0", "/bootfs/node1/networking.json"})
    EXPECT_EQ(name(path), Name(OperatorFile{*SafePath::parse(path)})) << path;
}

TEST(Names, NeverMeanThePlatformsPassword) {
  for (std::string_view path :
       {"/os/20240102T030405Z/platform/root.password", "/root.password",
        "/s/aaaaaaaaaaaa/platform/ROOT.password", "/images/aaaaaaaaaaaa/root.password/"})
    EXPECT_EQ(error(path), NameError::Kind::never) << path;
}

TEST(Names, SayAtOnceThatAutoexecIsAbsent) {
  EXPECT_EQ(error("/autoexec.ipxe"), NameError::Kind::absent);
  EXPECT_EQ(error("autoexec.ipxe"), NameError::Kind::absent);
}

TEST(Names, CannotLeaveTheRoot) {
  for (std::string_view path :
       {"", "/", "//", "../etc/passwd", "/os/../../etc/shadow", "a\nb", "\xff", "\xff/"})
    EXPECT_EQ(error(path), NameError::Kind::not_a_path) << path;
}

TEST(Names, ParseToThemselvesFromTheirCanonicalPath) {
  for (std::string_view path :
       {"/undionly.kpxe", "/boot.ipxe", "/boot/0c-c4-7a-ab-cd-ef.ipxe", "/os/x-20240102T030405Z/platform/a/b",
        "/smartos/1/platform/u", "/s/aaaaaaaaaaaa/platform/u", "/images/aaaaaaaaaaaa/a", "/menu.lst",
        "/boot/grub/grub.cfg", "/boot/grub/grub.cfg-01-0c-c4-7a-ab-cd-ef", "/menu.lst.010CC47AABCDEF",
        "/bootfs/0cc47aabcdef/etc/system", "/pxelinux.cfg/default", "/pxelinux.cfg/01-0c-c4-7a-ab-cd-ef",
        "/pxelinux.cfg/0A6", "/pxelinux.cfg/0A6363FA", "/pxelinux.cfg/b8945908-d6a6-41a9-611d-74a6ab80b83d",
        "/illumos/0c-c4-7a-ab-cd-ef/boot/loader.conf", "/some/file"})
    EXPECT_EQ(to_path(name(path)), path);
}

TEST(Names, OfPlatformsFindTheNewestImportOfAVersion) {
  model::Image older = testing::smartos_image(testing::stamp, std::string(64, 'a'));
  model::Image newer = testing::smartos_image(testing::stamp, std::string(64, 'b'));
  newer.imported = from_unix_seconds(100);
  std::vector<model::Image> images{newer, older};
  using Root = PlatformFile::Root;
  EXPECT_EQ(image_of(PlatformFile{Root::os, testing::stamp, ""}, images), &images[0]);
  EXPECT_EQ(image_of(PlatformFile{Root::short_id, "aaaaaaaaaaaa", ""}, images), &images[1]);
  EXPECT_EQ(image_of(PlatformFile{Root::short_id, "aaaaaaaaaaa", ""}, images), nullptr) << "eleven digits";
  EXPECT_EQ(image_of(PlatformFile{Root::os, "20200101T000000Z", ""}, images), nullptr);
  EXPECT_EQ(image_of(ImageFile{"BBBBBBBBBBBB", ""}, images), &images[0]);
}

TEST(Urls, AreShortWhenThePortIsTheUsualOne) {
  EXPECT_EQ(script_url(base, mac()), "http://10.99.99.250/boot/0c-c4-7a-ab-cd-ef.ipxe");
  EXPECT_EQ(tftp_url(base, "undionly.kpxe"), "tftp://10.99.99.250/undionly.kpxe");
  Base odd{base.address, 8080, 6969};
  EXPECT_EQ(http_url(odd, "/x"), "http://10.99.99.250:8080/x");
  EXPECT_EQ(tftp_url(odd, "/x"), "tftp://10.99.99.250:6969/x");
}

TEST(Urls, EncodeWhatAUrlCannotHold) {
  EXPECT_EQ(http_url(base, "/images/aaaaaaaaaaaa/my file#1?.iso"),
            "http://10.99.99.250/images/aaaaaaaaaaaa/my%20file%231%3F.iso");
}

TEST(Urls, OfPlatformFilesComeInTwoForms) {
  model::Image image = testing::smartos_image();
  EXPECT_EQ(platform_path(image, "platform/u"), "/os/20240102T030405Z/platform/u");
  EXPECT_EQ(platform_path(image, "platform/u", NameForm::brief), "/s/aaaaaaaaaaaa/platform/u");
  image.version.clear();
  EXPECT_EQ(platform_path(image, "platform/u"), "/s/aaaaaaaaaaaa/platform/u");
}

}  // namespace slipway::boot
