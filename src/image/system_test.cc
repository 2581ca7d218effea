// SPDX-License-Identifier: MPL-2.0
#include "image/system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/importer.h"
#include "image/inspect.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::make_linux;
using test::TempDir;
using test::Tree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Use = model::BootPart::Use;

const std::string packed = std::string("\x1f\x8b") + std::string(500, 'i');

Result<std::optional<System>, Finding> found(std::vector<std::string> paths,
                                             const std::string& name = "x.iso") {
  return recognise_system(paths, {"/tmp/" + name, name, false});
}

struct Publisher {
  std::string title, kernel, initrd, other, words;
};

/// As their publishers lay them out.
const Publisher publishers[] = {
    {"Debian installer", "debian-installer/amd64/linux", "debian-installer/amd64/initrd.gz", "", ""},
    {"Ubuntu", "casper/vmlinuz", "casper/initrd", "", "ip=dhcp"},
    {"RHEL family installer", "images/pxeboot/vmlinuz", "images/pxeboot/initrd.img", "images/install.img",
     "ip=dhcp inst.stage2={image}"},
    {"Alpine Linux", "boot/vmlinuz-lts", "boot/initramfs-lts", "boot/modloop-lts",
     "ip=dhcp modloop={image}/boot/modloop-lts"},
    {"Flatcar Container Linux", "flatcar_production_pxe.vmlinuz", "flatcar_production_pxe_image.cpio.gz", "",
     "flatcar.first_boot=1"},
    {"Fedora CoreOS", "fedora-coreos-40.20240519.3.0-live-kernel-x86_64",
     "fedora-coreos-40.20240519.3.0-live-initramfs.x86_64.img",
     "fedora-coreos-40.20240519.3.0-live-rootfs.x86_64.img",
     "ignition.firstboot ignition.platform.id=metal "
     "coreos.live.rootfs_url={image}/fedora-coreos-40.20240519.3.0-live-rootfs.x86_64.img"},
    {"Fedora CoreOS", "fedora-coreos-43.1-live-kernel.x86_64", "fedora-coreos-43.1-live-initramfs.x86_64.img",
     "", "ignition.firstboot ignition.platform.id=metal"},
    {"Talos Linux", "vmlinuz-amd64", "initramfs-amd64.xz", "", "talos.platform=metal slab_nomerge pti=on"},
};

Inspection inspected(const TempDir& dir, const Tree& tree, const Wish& wish = {}) {
  ImportOptions options;
  options.wish = wish;
  return inspect(test::write_folder(dir / "given", tree), options);
}

std::string sentences(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) out += fmt::format("{}: {}\n", finding.id(), finding.sentence());
  return out;
}

}  // namespace

TEST(System, IsFoundWhereItsPublisherPutsIt) {
  for (const Publisher& one : publishers) {
    for (std::string root : {"", "top/", "a/b/"}) {
      std::vector<std::string> paths{root + "README", root + one.kernel, root + one.initrd};
      if (!one.other.empty()) paths.push_back(root + one.other);
      auto system = found(paths);
      ASSERT_TRUE(system && *system) << one.title;
      EXPECT_EQ((*system)->description, one.title);
      EXPECT_THAT((*system)->parts, ElementsAre(model::BootPart{Use::kernel, one.kernel, one.words},
                                                model::BootPart{Use::initrd, one.initrd, ""}));
      EXPECT_EQ((*system)->others.empty(), one.other.empty());
      EXPECT_EQ((*system)->stored_as(root + one.kernel), one.kernel);
      EXPECT_EQ((*system)->source_path(one.kernel), root + one.kernel);
    }
  }
}

TEST(System, IsNotFoundInOtherPlaces) {
  for (std::string path :
       {"vmlinuz", "xcasper/vmlinuz", "casper/vmlinuz/x", "boot/vmlinuz-virt", "a-live-kernel"}) {
    auto system = found({path, "casper/initrd", "initramfs-amd64.xz"});
    ASSERT_TRUE(system) << path;
    EXPECT_FALSE(*system) << path;
  }
}

TEST(System, WithoutItsInitrdIsRefusedWithTheNameOfIt) {
  auto system = found({"a/casper/vmlinuz", "b/casper/initrd"});
  ASSERT_FALSE(system);
  EXPECT_EQ(system.error().id(), "image.file-not-found");
  EXPECT_THAT(system.error().sentence(), HasSubstr("a/casper/initrd"));
}

TEST(System, ThatIsThereTwiceIsRefusedWithBothNames) {
  auto system = found({"a/casper/vmlinuz", "a/casper/initrd", "b/casper/vmlinuz", "b/casper/initrd"});
  ASSERT_FALSE(system);
  EXPECT_THAT(system.error().sentence(), HasSubstr("a/casper/vmlinuz, b/casper/vmlinuz"));
}

TEST(System, HasAVersionFromTheNameOfItsSource) {
  EXPECT_EQ((*found({"casper/vmlinuz", "casper/initrd"}, "ubuntu-24.04.1-live-server-amd64.iso"))->version,
            "ubuntu-24.04.1-live-server-amd64");
  EXPECT_EQ((*found({"casper/vmlinuz", "casper/initrd"}, "netboot.tar.gz"))->version, "ubuntu-netboot");
  EXPECT_EQ(version_from("a b@c.tgz"), "a-b-c");
  EXPECT_EQ(version_from(".tgz"), "tgz");
  EXPECT_EQ(version_from("---"), "unnamed");
  EXPECT_EQ(version_from("latest.iso"), "latest-one");
  for (std::string text : {version_from(std::string(300, 'x')), version_from("\xff/\x01"), version_from("")})
    EXPECT_TRUE(is_version(text)) << text;
  for (std::string text : {"", "latest", "a/b", "a@b", "-a", "a b"}) EXPECT_FALSE(is_version(text)) << text;
}

TEST(System, IsWhatTheOperatorNames) {
  std::vector<std::string> paths{"a/linux", "a/initrd", "b/initrd", "b/firmware.cpio"};
  SourceName source{"/tmp/x", "x", true};
  Wish wish;
  wish.kernel = "linux";
  wish.initrds = {"b/initrd", "firmware.cpio"};
  auto system = named_system(paths, source, wish);
  ASSERT_TRUE(system);
  EXPECT_THAT(system->parts, ElementsAre(model::BootPart{Use::kernel, "a/linux", ""},
                                         model::BootPart{Use::initrd, "b/initrd", ""},
                                         model::BootPart{Use::initrd, "b/firmware.cpio", ""}));
  wish.initrds = {"initrd"};
  EXPECT_THAT(named_system(paths, source, wish).error().sentence(), HasSubstr("a/initrd, b/initrd"));
  wish.initrds = {"nix"};
  EXPECT_THAT(named_system(paths, source, wish).error().sentence(), HasSubstr("holds no file nix"));
  wish.kernel.clear();
  EXPECT_THAT(named_system(paths, source, wish).error().sentence(), HasSubstr("--kernel"));
}

TEST(SystemImport, StoresWhatBootsAndSaysWhatItIs) {
  TempDir dir;
  Tree tree{{"debian-installer/amd64/linux", make_linux()},
            {"debian-installer/amd64/initrd.gz", packed},
            {"debian-installer/amd64/boot-screens/f1.txt", "help"}};
  std::string source = test::write_archive(dir / "netboot.tar.gz", tree);
  Store store(dir / "state");
  auto report = import_image(source, store);
  ASSERT_TRUE(report) << report.error().sentence();
  EXPECT_EQ(report->image.kind, model::ImageKind::linux_kernel);
  EXPECT_EQ(report->image.version, "debian-netboot");
  EXPECT_THAT(sentences(report->findings), HasSubstr("preseed/url=URL"));
  auto stored = store.list();
  ASSERT_THAT(stored.problems, IsEmpty());
  ASSERT_EQ(stored.images.size(), 1u);
  EXPECT_EQ(stored.images[0].files.size(), 2u);
  EXPECT_EQ(stored.images[0].parts, report->image.parts);
  EXPECT_TRUE(store.open_file(report->image.id, "debian-installer/amd64/linux"));
  EXPECT_TRUE(import_image(source, store)->already_there);
}

TEST(SystemImport, OfTheSameFilesInOtherPartsIsAnotherImage) {
  TempDir dir;
  Tree tree{{"k", make_linux()}, {"a", packed}, {"b", packed}};
  Wish wish{{}, "", "k", {"a", "b"}};
  Inspection one = inspected(dir, tree, wish);
  wish.initrds = {"b", "a"};
  Inspection other = inspected(dir, tree, wish);
  EXPECT_TRUE(one.importable() && other.importable()) << sentences(one.findings);
  EXPECT_NE(one.image.id, other.image.id);
}

TEST(SystemImport, RefusesWhatCannotBoot) {
  struct {
    std::string kernel, initrd, id, says;
  } cases[] = {
      {"<html>not here</html>", packed, "image.kernel-wrong", "begins with \"<html>not here</html>\""},
      {"", packed, "image.kernel-wrong", "it is empty"},
      {std::string(4096, '\1'), packed, "image.kernel-wrong", "no Linux kernel"},
      {make_linux(), "404 not found", "image.initrd-wrong", "404 not found"},
      {make_linux(), "", "image.initrd-wrong", "it is empty"},
  };
  for (auto& one : cases) {
    TempDir dir;
    Inspection seen = inspected(dir, {{"casper/vmlinuz", one.kernel}, {"casper/initrd", one.initrd}});
    EXPECT_FALSE(seen.importable());
    EXPECT_THAT(sentences(seen.findings), ::testing::AllOf(HasSubstr(one.id), HasSubstr(one.says)));
  }
}

TEST(SystemImport, TakesAVersionAndRefusesWhatIsNone) {
  TempDir dir;
  Tree tree{{"casper/vmlinuz", make_linux()}, {"casper/initrd", packed}};
  Wish wish;
  wish.version = "ubuntu-24.04";
  EXPECT_EQ(inspected(dir, tree, wish).image.version, "ubuntu-24.04");
  wish.version = "a/b";
  EXPECT_THAT(sentences(inspected(dir, tree, wish).findings), HasSubstr("image.version-wrong"));
  wish = {model::ImageKind::smartos, "", "", {}};
  EXPECT_THAT(sentences(inspected(dir, tree, wish).findings), HasSubstr("of kind linux, not smartos"));
}

TEST(SystemImport, FollowsNoLinkInPlaceOfAKernel) {
  TempDir dir;
  std::string source = test::write_archive(dir / "a.tgz", {{"casper/initrd", packed}}, test::Packing::tgz,
                                           {{"casper/vmlinuz", "/etc/passwd", ""}});
  EXPECT_THAT(sentences(inspect(source).findings), HasSubstr("casper/vmlinuz is a link"));
}

TEST(System, RefusesAKernelThatIsShorterThanItSays) {
  TempDir dir;
  std::string kernel = make_linux();
  kernel[0x206] = 0x0f, kernel[0x207] = 2;
  test::put32(kernel, 0x1f4, 4096);
  Inspection cut =
      inspected(dir, {{"vmlinuz", kernel}, {"initrd", packed}}, {{}, "", "vmlinuz", {"initrd"}, {}, ""});
  EXPECT_FALSE(cut.importable());
  EXPECT_THAT(sentences(cut.findings), HasSubstr("image.source-cut-short: vmlinuz is cut short: it says of "
                                                 "itself that it has 68081 bytes, and has 4096"));
}

TEST(System, RefusesAnInitrdWhosePackingEndsInTheMiddle) {
  TempDir dir;
  std::string noise(200'000, '\0');
  for (std::size_t i = 0, x = 1; i < noise.size(); ++i, x = x * 1103515245 + 12345)
    noise[i] = static_cast<char>(x >> 16 & 0xff);
  for (test::Packing how : {test::Packing::tgz, test::Packing::txz}) {
    std::string whole =
        test::read_file(test::write_archive(dir / "packed", {{"init", "070701" + noise}}, how));
    auto look = [&](const std::string& initrd) {
      return inspected(dir, {{"vmlinuz", make_linux()}, {"initrd", initrd}},
                       {{}, "", "vmlinuz", {"initrd"}, {}, ""});
    };
    EXPECT_TRUE(look(whole).importable());
    EXPECT_TRUE(look(whole + std::string(512, '\0')).importable()) << "padding is none of our business";
    Inspection cut = look(whole.substr(0, whole.size() / 2));
    EXPECT_FALSE(cut.importable());
    EXPECT_THAT(sentences(cut.findings), HasSubstr("initrd cannot be used: it is packed, and its end"));
    if (how != test::Packing::tgz) continue;
    std::string flipped = whole;
    flipped[whole.size() - 8] = static_cast<char>(flipped[whole.size() - 8] ^ 1);
    Inspection damaged = look(flipped);
    EXPECT_FALSE(damaged.importable());
    EXPECT_THAT(sentences(damaged.findings), HasSubstr("its checksum is wrong"));
  }
}

}  // namespace slipway::image
