// SPDX-License-Identifier: MPL-2.0
#include "image/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/stamp.h"

namespace slipway::image {
namespace {

using ::testing::HasSubstr;

const std::string stamp = "20240102T030405Z";
const std::string other_stamp = "20250102T030405Z";

std::vector<std::string> tree(const std::vector<std::string>& roots) {
  std::vector<std::string> paths{"boot/loader.conf"};
  for (std::string root : roots) {
    if (!root.empty()) root += "/";
    for (std::string_view path : {unix_path, archive_path, hash_path, version_path})
      paths.push_back(root + std::string(path));
    paths.push_back(root + "root.password");
  }
  return paths;
}

Result<Layout, Finding> in_archive(const std::string& root, const std::string& name = "some.tgz") {
  return recognise(tree({root}), {"dir/" + name, name, false});
}
Result<Layout, Finding> in_folder(const std::string& root, const std::string& name = "smartos") {
  return recognise(tree({root}), {"/tftpboot/" + name, name, true});
}

}  // namespace

TEST(Stamp, IsFoundInsideAName) {
  EXPECT_EQ(stamp_in("platform-release-20240101-20240102T030405Z.tgz"), stamp);
  EXPECT_EQ(stamp_in("smartos-latest.iso"), std::nullopt);
  EXPECT_EQ(stamp_in("20240102T03040Z"), std::nullopt);
  EXPECT_FALSE(is_stamp("19991231T235959Z"));
  EXPECT_FALSE(is_stamp("20240102T030405Zx"));
}

TEST(Stamp, MakesAPublishersFolderName) {
  EXPECT_TRUE(is_publisher_folder("platform-20240102T030405Z"));
  EXPECT_TRUE(is_publisher_folder("platform-release-20240102T030405Z"));
  EXPECT_TRUE(is_publisher_folder("platform_20240102T030405Z"));
  EXPECT_FALSE(is_publisher_folder("platform"));
  EXPECT_FALSE(is_publisher_folder("platform-old"));
  EXPECT_FALSE(is_publisher_folder("20240102T030405Z"));
}

TEST(Layout, RecognisesThePublishersArchive) {
  for (std::string root : {"platform-" + stamp, "platform-release-20240101-" + stamp}) {
    auto layout = in_archive(root);
    ASSERT_TRUE(layout) << root;
    EXPECT_EQ(layout->root, root);
    ASSERT_EQ(layout->claims.size(), 1u);
    EXPECT_EQ(layout->claims[0].stamp, stamp);
  }
}

TEST(Layout, RecognisesThePublishersFolderGivenItself) {
  auto layout = in_folder("", "platform-" + stamp);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->root, "");
  ASSERT_EQ(layout->claims.size(), 1u);
  EXPECT_EQ(layout->claims[0].stamp, stamp);
}

TEST(Layout, RecognisesAnIsoAndLeavesTheStampToItsFiles) {
  auto layout = in_archive("platform", "latest.iso");
  ASSERT_TRUE(layout);
  EXPECT_TRUE(layout->claims.empty());
  EXPECT_TRUE(layout->tells_version("platform/etc/version/platform"));
  EXPECT_TRUE(layout->tells_version("etc/version/platform"));
  EXPECT_FALSE(layout->tells_version("boot/etc/version/platform"));
}

TEST(Layout, RecognisesServedTreesByWhateverPrefix) {
  for (std::string prefix : {"", "os/", "smartos/", "tftpboot/images/smartos/"}) {
    for (bool folder : {false, true}) {
      std::string root = prefix + stamp + "/platform";
      auto layout = recognise(tree({root}), {"x", "x", folder});
      ASSERT_TRUE(layout) << root;
      EXPECT_EQ(layout->root, root);
      ASSERT_EQ(layout->claims.size(), 1u);
      EXPECT_EQ(layout->claims[0].stamp, stamp);
      EXPECT_EQ(layout->description, "STAMP/platform");
    }
  }
}

TEST(Layout, StoresEveryFormAsTheSamePaths) {
  for (std::string root : {"", "platform", "os/20240102T030405Z/platform"}) {
    auto layout = in_folder(root);
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->stored_as(layout->source_path(unix_path)), "platform/i86pc/kernel/amd64/unix");
    EXPECT_EQ(layout->stored_as(layout->source_path(version_path)), "platform/etc/version/platform");
  }
}

TEST(Layout, StoresNothingButThePlatform) {
  auto layout = in_archive("platform-" + stamp);
  ASSERT_TRUE(layout);
  std::string root = layout->root;
  EXPECT_EQ(layout->stored_as("boot/loader.conf"), std::nullopt);
  EXPECT_EQ(layout->stored_as(root + "/root.password"), std::nullopt);
  EXPECT_EQ(layout->stored_as(root + "/i86pc/amd64/root.password"), std::nullopt);
  EXPECT_EQ(layout->stored_as(root + "/etc/shadow"), std::nullopt);
  EXPECT_EQ(layout->stored_as(root + "x/i86pc/amd64/boot_archive"), std::nullopt);
  EXPECT_EQ(layout->stored_as(root), std::nullopt);
}

TEST(Layout, RefusesThePublishersFolderInsideAServedTree) {
  for (std::string prefix : {"", "20240102T030405Z/", "os/20240102T030405Z/", "smartos/20240102T030405Z/"}) {
    std::string root = prefix + "platform-" + stamp;
    auto layout = in_folder(root);
    ASSERT_FALSE(layout) << root;
    EXPECT_EQ(layout.error().id(), "image.platform-stamp-folder");
    EXPECT_THAT(layout.error().sentence(), HasSubstr("rename " + root + " to " + prefix + "platform"));
    EXPECT_THAT(layout.error().sentence(), HasSubstr("import /tftpboot/smartos/" + root + " itself"));
  }
  auto packed = in_archive("os/20240102T030405Z/platform-" + stamp);
  ASSERT_FALSE(packed);
  EXPECT_EQ(packed.error().id(), "image.platform-stamp-folder");
}

TEST(Layout, RefusesAStampFolderWithoutPlatform) {
  auto layout = in_folder(stamp);
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().id(), "image.layout-unknown");
  EXPECT_THAT(layout.error().sentence(), HasSubstr("20240102T030405Z/platform/i86pc"));
}

TEST(Layout, RefusesSeveralPlatformsAndNamesThem) {
  std::string first = "os/" + stamp + "/platform", second = "os/" + other_stamp + "/platform";
  auto layout = recognise(tree({first, second}), {"/tftpboot", "tftpboot", true});
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().id(), "image.several-platforms");
  EXPECT_THAT(layout.error().sentence(), HasSubstr(first));
  EXPECT_THAT(layout.error().sentence(), HasSubstr("/tftpboot/" + second));
}

TEST(Layout, RefusesWhatHoldsNoPlatform) {
  std::vector<std::string> paths{"casper/vmlinuz", "notunix", "xi86pc/kernel/amd64/unix"};
  auto layout = recognise(paths, {"ubuntu.iso", "ubuntu.iso", false});
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().id(), "image.not-a-platform");
  EXPECT_THAT(layout.error().sentence(), HasSubstr("ubuntu.iso"));
}

TEST(Layout, SaysWhenAnIsoHasCapitalsOnly) {
  for (std::string path : {"PLATFORM/I86PC/KERNEL/AMD64/UNIX", "PLATFORM/I86PC/KERNEL/AMD64/UNIX.;1"}) {
    std::vector<std::string> paths{path};
    auto layout = recognise(paths, {"a.iso", "a.iso", false});
    ASSERT_FALSE(layout);
    EXPECT_EQ(layout.error().id(), "image.names-in-capitals");
  }
}

TEST(Layout, KeepsTheRootOfAPlatformWithoutItsKernel) {
  std::vector<std::string> paths{"platform/i86pc/amd64/boot_archive"};
  auto layout = recognise(paths, {"a.iso", "a.iso", false});
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->source_path(unix_path), "platform/i86pc/kernel/amd64/unix");
}

TEST(Layout, TakesTheStampOfTheParentForAFolderNamedPlatform) {
  auto layout = in_folder("", stamp + "/platform");
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->claims.size(), 1u);
  EXPECT_EQ(layout->claims[0].stamp, stamp);
}

}  // namespace slipway::image
