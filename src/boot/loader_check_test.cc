// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_check.h"

#include <gmock/gmock.h>

#include "boot/test_loader.h"

namespace slipway::boot {
namespace {

std::shared_ptr<const model::Plan> plan() {
  model::Draft draft;
  draft.server.interfaces = {"eth1"};
  draft.server.state = "/state";
  model::Subnet subnet;
  subnet.network = *Prefix::parse("10.99.99.0/24");
  draft.subnets = {subnet};
  return model::Plan::build(draft, {}).value();
}

std::function<std::optional<Bytes>(const std::string&)> files(std::map<std::string, std::string> there) {
  return [there](const std::string& path) -> std::optional<Bytes> {
    auto at = there.find(path);
    if (at == there.end()) return std::nullopt;
    return Bytes(at->second.begin(), at->second.end());
  };
}

}  // namespace

TEST(LoaderCheck, NamesAMissingLoaderAndWhereItComesFrom) {
  Problems problems = missing_loaders(*plan(), [](const std::string&) { return false; });
  ASSERT_FALSE(problems.empty());
  EXPECT_THAT(problems.front().what, ::testing::HasSubstr("loader undionly.kpxe is missing"));
  EXPECT_THAT(problems.front().remedy, ::testing::HasSubstr("ipxe"));
}

TEST(LoaderCheck, IsContentWithTheOperatorsOwn) {
  EXPECT_TRUE(missing_loaders(*plan(), [](const std::string& path) {
                return path.starts_with("/state/loaders/");
              }).empty());
}

TEST(LoaderCheck, CountsALoaderThatLiesInOneOfTheFoldersAsInstalled) {
  auto installed = installed_loaders(plan()->server(), files({{"/state/loaders/ipxe.efi", "whatever"}}));
  EXPECT_TRUE(installed.has("ipxe.efi"));
  EXPECT_EQ(installed.all.size(), 1u);
}

TEST(Loaders, OfTheOperatorComeBeforeThoseOfPackages) {
  auto installed = installed_loaders(
      plan()->server(), files({{"/state/loaders/ipxe.efi", testing::efi_program(0x8664, {"iPXE", "MBOOT2"})},
                               {"/usr/lib/ipxe/ipxe.efi", testing::efi_program(0x8664, {"iPXE", "HTTP"})}}));
  EXPECT_TRUE(installed.multiboot_from_uefi(model::Arch::uefi_x64));
}

TEST(Loaders, ThatStartSmartosFromUefiAreTheBestThere) {
  Loaders loaders{"ipxe.efi", "snponly.efi", "undionly.kpxe"};
  EXPECT_EQ(loaders.best_for(model::Arch::uefi_x64), "ipxe.efi");
  EXPECT_FALSE(loaders.multiboot_from_uefi(model::Arch::uefi_x64));
  LoaderTraits& own = loaders.all["snponly.efi"];
  own.features.reported = own.features.multiboot2 = true;
  EXPECT_EQ(loaders.best_for(model::Arch::uefi_x64), "snponly.efi");
  EXPECT_TRUE(loaders.multiboot_from_uefi(model::Arch::http_x64));
  EXPECT_FALSE(loaders.multiboot_from_uefi(model::Arch::bios));
  EXPECT_EQ(loaders.best_for(model::Arch::bios), "undionly.kpxe");
  EXPECT_EQ(loaders.best_for(model::Arch::raspberry_pi), "");
  EXPECT_EQ(Loaders().best_for(model::Arch::uefi_arm64), "ipxe-arm64.efi") << "its absence is told by name";
}

}  // namespace slipway::boot
