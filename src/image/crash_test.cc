// SPDX-License-Identifier: MPL-2.0
// What is left of an import that died or found no room: the old state, or the new one, whole.
#include <csignal>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "image/importer.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::make_archive;
using test::stamp;
using test::TempDir;
using test::write_platform_tgz;
using ::testing::HasSubstr;

std::size_t staging_directories(const Store& store) {
  std::size_t count = 0;
  if (!test::fs::exists(store.images_dir())) return 0;
  for (auto& entry : test::fs::directory_iterator(store.images_dir()))
    count += entry.path().filename().string().starts_with(".staging-");
  return count;
}

/// A child imports; after `patience` it is killed, if it is not done by then. Whether it was killed.
bool import_and_kill(const std::string& source, const std::string& state,
                     std::chrono::microseconds patience) {
  pid_t child = ::fork();
  if (child == 0) {
    Store store(state);
    ::_exit(import_image(source, store) ? 0 : 1);
  }
  ::usleep(static_cast<useconds_t>(patience.count()));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
  return WIFSIGNALED(status);
}

/// How long an import takes that nobody disturbs.
std::chrono::microseconds undisturbed(const std::string& source, const std::string& state) {
  Store store(state);
  auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(import_image(source, store));
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
}

/// A file system of its own with `megabytes` of room, gone with the test. A namespace hides it from others.
class SmallDisk {
 public:
  explicit SmallDisk(unsigned megabytes) {
    std::string size = fmt::format("size={}m", megabytes);
    mounted_ = ::unshare(CLONE_NEWNS) == 0 &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("slipway-test", dir_.path().c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(dir_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  std::string operator/(const std::string& name) const { return dir_ / name; }

 private:
  TempDir dir_;
  bool mounted_ = false;
};

}  // namespace

TEST(Crash, LeavesTheImageAbsentOrWhole) {
  TempDir dir;
  std::string old_one = write_platform_tgz(dir, "20230102T030405Z");
  std::string source = write_platform_tgz(dir, stamp, make_archive(4 << 20));
  auto whole_time = undisturbed(source, dir / "measure");
  std::string state = dir / "state";
  Store store(state);
  ASSERT_TRUE(import_image(old_one, store));
  std::mt19937 random(1);
  std::uniform_int_distribution<std::int64_t> moment(0, whole_time.count() * 5 / 4);
  int killed = 0, left_staging = 0;
  for (int round = 0; round < 60; ++round) {
    killed += import_and_kill(source, state, std::chrono::microseconds(moment(random)));
    left_staging += staging_directories(store) > 0;
    auto listing = store.list();
    ASSERT_TRUE(listing.problems.empty()) << listing.problems[0].to_string();
    ASSERT_FALSE(listing.images.empty()) << "the old image is gone";
    EXPECT_EQ(listing.images[0].version, "20230102T030405Z");
    if (listing.images.size() == 2) {
      ASSERT_TRUE(store.remove(listing.images[1].id));
    }
  }
  EXPECT_GT(killed, 0);
  EXPECT_GT(left_staging, 0) << "no kill came in the middle: the test proves nothing";

  // One more import sweeps what they left.
  ASSERT_TRUE(import_image(source, store));
  EXPECT_EQ(staging_directories(store), 0u);
  EXPECT_EQ(store.list().images.size(), 2u);
}

TEST(FullDisk, IsSaidBeforeWithBothNumbers) {
  SmallDisk disk(4);
  if (!disk.mounted()) GTEST_SKIP() << "only root may mount";
  TempDir dir;
  Store store(disk / "state");
  auto report = import_image(write_platform_tgz(dir, stamp, make_archive(8 << 20)), store);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().id(), "image.no-space");
  EXPECT_THAT(report.error().sentence(),
              ::testing::MatchesRegex("the image needs 84[0-9]+ bytes and .* has [34][0-9]+ bytes free; .*"));
  EXPECT_EQ(staging_directories(store), 0u);
}

TEST(FullDisk, InTheMiddleLeavesTheOldState) {
  SmallDisk disk(16);
  if (!disk.mounted()) GTEST_SKIP() << "only root may mount";
  TempDir dir;
  Store store(disk / "state");
  auto old_one = import_image(write_platform_tgz(dir, "20230102T030405Z"), store);
  ASSERT_TRUE(old_one);
  bool filled = false;
  ImportOptions options;
  options.progress = [&](const Progress& progress) {
    if (progress.phase != Phase::copying || progress.done == 0 || filled) return;
    filled = true;
    std::ofstream(disk / "filler") << std::string(14 << 20, 'x');
  };
  auto report = import_image(write_platform_tgz(dir, stamp, make_archive(8 << 20)), store, options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().id(), "image.disk-full");
  EXPECT_THAT(report.error().sentence(), HasSubstr("nothing was changed"));
  EXPECT_EQ(staging_directories(store), 0u);
  ASSERT_EQ(store.list().images.size(), 1u);
  EXPECT_EQ(store.list().images[0].id, old_one->image.id);
  EXPECT_TRUE(store.remove(old_one->image.id)) << "a full disk must not hinder making room";
}

}  // namespace slipway::image
