// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_check.h"

#include <gmock/gmock.h>

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

}  // namespace

TEST(LoaderCheck, NamesAMissingLoaderAndWhereItComesFrom) {
  Problems problems = missing_loaders(*plan(), [](const std::string&) { return false; });
  ASSERT_FALSE(problems.empty());
  EXPECT_THAT(problems.front().what, testing::HasSubstr("loader undionly.kpxe is missing"));
  EXPECT_THAT(problems.front().remedy, testing::HasSubstr("ipxe"));
}

TEST(LoaderCheck, IsContentWithTheOperatorsOwn) {
  EXPECT_TRUE(missing_loaders(*plan(), [](const std::string& path) {
                return path.starts_with("/state/loaders/");
              }).empty());
}

TEST(LoaderCheck, CountsALoaderThatLiesInOneOfTheFoldersAsInstalled) {
  auto installed = installed_loaders(
      plan()->server(), [](const std::string& path) { return path == "/state/loaders/ipxe.efi"; });
  EXPECT_THAT(installed, testing::ElementsAre("ipxe.efi"));
}

}  // namespace slipway::boot
