// SPDX-License-Identifier: MPL-2.0
#include "boot/loaders.h"

#include <fmt/format.h>

#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::Arch;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

}  // namespace

TEST(Loaders, FitTheArchitecture) {
  EXPECT_THAT(loaders_for(Arch::bios), ElementsAre("undionly.kpxe", "ipxe.pxe"));
  for (Arch arch : {Arch::uefi_x64, Arch::uefi_x64_bc, Arch::http_x64})
    EXPECT_THAT(loaders_for(arch), ElementsAre("ipxe.efi", "snponly.efi")) << "7 and 9 are both x86-64";
  EXPECT_EQ(loaders_for(Arch::uefi_arm64).front(), "ipxe-arm64.efi");
  EXPECT_THAT(loaders_for(static_cast<Arch>(99)), IsEmpty());
}

TEST(Loaders, AreAllKnownByName) {
  for (int code = 0; code < 64; ++code) {
    for (std::string_view file : loaders_for(static_cast<Arch>(code))) EXPECT_TRUE(find_loader(file)) << file;
  }
  EXPECT_EQ(find_loader("undionly.kpxe")->package, "ipxe");
  EXPECT_EQ(find_loader("virus.kpxe"), nullptr);
}

TEST(Loaders, OfTheOperatorComeFirst) {
  model::ServerSettings server;
  server.state = "/state";
  EXPECT_EQ(loader_folders(server).front(), "/state/loaders");
  EXPECT_EQ(loader_folders(server)[1], "/usr/lib/ipxe");
}

TEST(Loaders, NeededByAPlanAreThoseOfBiosAndUefi) {
  auto needed = needed_loaders(*testing::plan_of(testing::draft()));
  ASSERT_EQ(needed.size(), 2u);
  EXPECT_EQ(needed[0].any_of.front(), "undionly.kpxe");
  EXPECT_EQ(needed[0].severity, Severity::error) << "no SmartOS machine boots without";
  EXPECT_EQ(needed[1].severity, Severity::warning);
}

TEST(Loaders, OfClassesAreNeededWhenTheyAreFilesOfOurs) {
  model::Draft made = testing::draft();
  for (const char* file : {"/lpxelinux.0", "http://10.0.0.1/ipxe.efi", "scripts/mine.ipxe", ""}) {
    model::BootClass one;
    one.name = fmt::format("class{}", made.classes.size());
    one.boot_file = file;
    made.classes.push_back(one);
  }
  auto needed = needed_loaders(*testing::plan_of(made));
  ASSERT_EQ(needed.size(), 3u);
  EXPECT_EQ(needed[2].any_of, std::vector<std::string>{"lpxelinux.0"});
  EXPECT_THAT(needed[2].remedy, ::testing::HasSubstr("pxelinux"));
}

TEST(Loaders, AreNotNeededWhereNothingIsServed) {
  model::Draft made = testing::draft();
  made.subnets[0].mode = model::SubnetMode::off;
  EXPECT_THAT(needed_loaders(*testing::plan_of(made)), IsEmpty());
}

}  // namespace slipway::boot
