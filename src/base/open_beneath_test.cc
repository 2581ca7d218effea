// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

#include <cerrno>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace slipway {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;

class OpenBeneath : public ::testing::Test {
 protected:
  OpenBeneath() {
    char name[] = "/tmp/slipway-beneath-XXXXXX";
    root_ = ::mkdtemp(name);
    fs::create_directory(root_ / "folder");
    std::ofstream(root_ / "folder" / "file") << "x";
    fs::create_symlink("/etc/passwd", root_ / "out");
    fs::create_symlink("folder/file", root_ / "in");
    ::mkfifo((root_ / "fifo").c_str(), 0600);
    folder_.reset(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  ~OpenBeneath() override { fs::remove_all(root_); }

  /// 0 where a file was opened, otherwise why not.
  int at_once(std::string_view path, Links links = Links::refused) {
    return open_beneath(folder_.get(), *SafePath::parse(path), links) ? 0 : errno;
  }
  int step_by_step(std::string_view path) {
    return open_step_by_step(folder_.get(), *SafePath::parse(path)) ? 0 : errno;
  }

  fs::path root_;
  UniqueFd folder_;
};

TEST_F(OpenBeneath, OpensAFileInAFolder) {
  EXPECT_EQ(at_once("folder/file"), 0);
  EXPECT_EQ(step_by_step("folder/file"), 0);
  EXPECT_EQ(at_once("folder/none"), ENOENT);
}

TEST_F(OpenBeneath, TellsAFolderFromWhatMayNotBeRead) {
  EXPECT_EQ(at_once("folder"), EISDIR);
  EXPECT_EQ(step_by_step("folder"), EISDIR);
  EXPECT_EQ(at_once("fifo"), EACCES);
  EXPECT_EQ(step_by_step("fifo"), EACCES);
}

TEST_F(OpenBeneath, FollowsNoLink) {
  EXPECT_EQ(at_once("in"), ELOOP);
  EXPECT_EQ(at_once("out"), ELOOP);
  EXPECT_EQ(step_by_step("in"), ELOOP);
}

TEST_F(OpenBeneath, FollowsLinksThatStayWithinOrNone) {
  EXPECT_THAT(at_once("in", Links::within), AnyOf(0, ELOOP)) << "0 where the system can see where they lead";
  EXPECT_THAT(at_once("out", Links::within), AnyOf(EXDEV, ELOOP));
}

}  // namespace
}  // namespace slipway
