// SPDX-License-Identifier: MPL-2.0
#include "server/boot_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "boot/test_plan.h"

namespace slipway::server {
namespace {

namespace fs = std::filesystem;

class BootFilesTest : public testing::Test {
 protected:
  BootFilesTest() {
    fs::create_directories(state_ / "files");
    files_.publish(boot::testing::plan_of(boot::testing::draft()));
  }
  ~BootFilesTest() override { fs::remove_all(state_); }

  void write(const std::string& name, const std::string& text, fs::file_time_type at) {
    std::ofstream(state_ / "files" / name) << text;
    fs::last_write_time(state_ / "files" / name, at);
  }
  std::shared_ptr<const http::OpenFile> open(const std::string& name) {
    auto served = files_.get({name, *Ipv4::parse("10.99.99.66"), {*Ipv4::parse("10.99.99.1"), 80, 69}});
    if (!served) return nullptr;
    return std::get<std::shared_ptr<const http::OpenFile>>(served->content);
  }

  fs::path state_ = [] {
    std::string path = (fs::temp_directory_path() / "boot-files-XXXXXX").string();
    return fs::path(::mkdtemp(path.data()));
  }();
  image::Store images_{state_.string()};
  KnownClients clients_;
  BootFiles files_{images_, clients_, state_.string()};
};

// Archives give all their files one time; a transfer must not get the bytes of another file of that size.
TEST_F(BootFilesTest, TellsFilesOfOneSizeAndTimeApart) {
  auto at = fs::file_time_type::clock::now();
  write("node1.conf", "for node1", at);
  write("node2.conf", "for node2", at);
  auto one = open("node1.conf"), again = open("node1.conf"), other = open("node2.conf");
  ASSERT_TRUE(one && again && other);
  EXPECT_EQ(one->etag, again->etag);
  EXPECT_NE(one->etag, other->etag);
}

}  // namespace
}  // namespace slipway::server
