// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

#include <filesystem>

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(OpenBeneathOnLinux, FollowsALinkThatStaysWithinWhereThatIsAsked) {
  char name[] = "/tmp/slipway-within-XXXXXX";
  std::string root = ::mkdtemp(name);
  UniqueFd(::open((root + "/file").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  std::filesystem::create_symlink("file", root + "/in");
  UniqueFd folder = open_folder(root);
  EXPECT_TRUE(open_beneath(folder.get(), *SafePath::parse("in"), Links::within));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace slipway
