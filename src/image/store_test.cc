// SPDX-License-Identifier: MPL-2.0
#include "image/store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/open_beneath.h"
#include "image/importer.h"
#include "image/soundness.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::stamp;
using test::TempDir;
using test::write_platform_tgz;
using ::testing::HasSubstr;

constexpr std::string_view kernel = "platform/i86pc/kernel/amd64/unix";

/// A store with one image in it.
struct Filled {
  TempDir dir;
  Store store{dir / "state"};
  model::Image image = import_image(write_platform_tgz(dir), store)->image;
  std::string folder = store.images_dir() + "/" + image.id;
};

std::string read_all(const StoredFile& file) {
  std::string text(file.size, '\0');
  EXPECT_EQ(::pread(file.fd.get(), text.data(), text.size(), 0), std::ssize(text));
  return text;
}

}  // namespace

TEST(Store, IsEmptyBeforeTheFirstImport) {
  TempDir dir;
  Store store(dir / "state");
  EXPECT_TRUE(store.list().images.empty());
  EXPECT_TRUE(store.list().problems.empty());
  EXPECT_EQ(store.sweep(), 0u);
  EXPECT_FALSE(test::fs::exists(dir / "state"));
}

TEST(Store, ListsImagesByVersion) {
  Filled filled;
  ASSERT_TRUE(import_image(write_platform_tgz(filled.dir, "20230102T030405Z"), filled.store));
  Store::Listing listing = filled.store.list();
  ASSERT_EQ(listing.images.size(), 2u);
  EXPECT_EQ(listing.images[0].version, "20230102T030405Z");
  EXPECT_EQ(listing.images[1].version, stamp);
  EXPECT_TRUE(listing.problems.empty());
}

TEST(Store, ReportsABrokenImageAndListsTheOthers) {
  Filled filled;
  model::Image other = import_image(write_platform_tgz(filled.dir, "20230102T030405Z"), filled.store)->image;
  test::write_file(filled.store.images_dir() + "/" + other.id + "/manifest.json", "{");
  Store::Listing listing = filled.store.list();
  ASSERT_EQ(listing.images.size(), 1u);
  EXPECT_EQ(listing.images[0].id, filled.image.id);
  ASSERT_EQ(listing.problems.size(), 1u);
  EXPECT_THAT(listing.problems[0].to_string(), HasSubstr(other.id));
}

TEST(Store, ReportsAFileThatIsMissingOrCut) {
  Filled filled;
  ASSERT_EQ(::truncate((filled.folder + "/files/" + std::string(kernel)).c_str(), 5), 0);
  ASSERT_EQ(filled.store.list().problems.size(), 1u);
  EXPECT_THAT(filled.store.list().problems[0].what, HasSubstr("has 5 bytes instead of 20000"));
  EXPECT_FALSE(filled.store.contains(filled.image.id));
  test::fs::remove(filled.folder + "/files/" + std::string(kernel));
  EXPECT_THAT(filled.store.list().problems[0].what, HasSubstr("cannot be opened"));
}

TEST(Store, ReportsAManifestInTheWrongFolder) {
  Filled filled;
  std::string wrong(64, 'a');
  test::fs::rename(filled.folder, filled.store.images_dir() + "/" + wrong);
  ASSERT_EQ(filled.store.list().problems.size(), 1u);
  EXPECT_THAT(filled.store.list().problems[0].what, HasSubstr("another image"));
}

TEST(Store, OpensAFileReadOnlyAndShared) {
  Filled filled;
  auto file = filled.store.open_file(filled.image.id, kernel);
  ASSERT_TRUE(file);
  EXPECT_EQ(read_all(**file), test::make_unix());
  EXPECT_EQ(::fcntl((*file)->fd.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
  EXPECT_EQ(filled.store.open_file(filled.image.id, kernel)->get(), file->get());
}

TEST(Store, OpensNothingThatIsNotAFileOfAnImage) {
  Filled filled;
  for (std::string path :
       {"../manifest.json", "", "platform", "/etc/passwd", "platform/../../manifest.json", "absent"})
    EXPECT_FALSE(filled.store.open_file(filled.image.id, path)) << path;
  for (std::string id :
       {std::string(64, '0'), std::string(".."), std::string("."), filled.image.id.substr(0, 12)})
    EXPECT_FALSE(filled.store.open_file(id, kernel)) << id;
}

TEST(Store, FollowsNoSymbolicLinkAndOpensNoFifo) {
  Filled filled;
  std::string files = filled.folder + "/files/";
  test::fs::create_symlink("/etc/passwd", files + "soft");
  test::fs::create_symlink(files + "platform", files + "folder");
  ASSERT_EQ(::mkfifo((files + "fifo").c_str(), 0644), 0);
  for (std::string path : {"soft", "folder/etc/version/platform", "fifo"})
    EXPECT_FALSE(filled.store.open_file(filled.image.id, path)) << path;
}

TEST(OpenBeneath, StepByStepRefusesTheSame) {
  TempDir dir;
  test::write_folder(dir.path(), {{"a/b/file", "x"}});
  test::fs::create_symlink("/etc/passwd", dir / "a/soft");
  test::fs::create_symlink(dir / "a/b", dir / "a/folder");
  UniqueFd folder(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto at_once = [](int beneath, const SafePath& path) { return open_beneath(beneath, path); };
  for (UniqueFd (*open)(int, const SafePath&) : {+at_once, &open_step_by_step}) {
    EXPECT_TRUE(open(folder.get(), *SafePath::parse("a/b/file")));
    for (std::string path : {"a/soft", "a/folder/file", "a/b", "a/absent", "a/b/file/more"})
      EXPECT_FALSE(open(folder.get(), *SafePath::parse(path))) << path;
  }
}

TEST(Store, KeepsAnOpenFileGoodAfterItsImageWasRemoved) {
  Filled filled;
  auto file = filled.store.open_file(filled.image.id, kernel);
  ASSERT_TRUE(file);
  ASSERT_TRUE(filled.store.remove(filled.image.id));
  EXPECT_EQ(read_all(**file), test::make_unix());
  EXPECT_TRUE(filled.store.list().images.empty());
  EXPECT_FALSE(test::fs::exists(filled.folder));
  EXPECT_EQ(filled.store.sweep(), 0u) << "nothing is left to sweep";
}

TEST(Store, RefusesToRemoveWhatIsNotThere) {
  Filled filled;
  for (std::string id : {std::string(64, '0'), std::string("..")})
    EXPECT_THAT(filled.store.remove(id).error().sentence(), HasSubstr("there is no image " + id));
}

TEST(Store, RefusesToRemoveWhileAnImportIsUnderWay) {
  Filled filled;
  UniqueFd lock(::open((filled.store.images_dir() + "/.lock").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  EXPECT_EQ(filled.store.remove(filled.image.id).error().id(), "image.busy");
  test::write_file(filled.store.images_dir() + "/.staging-1-x/files/a", "x");
  EXPECT_EQ(filled.store.sweep(), 0u);
  lock.reset();
  EXPECT_EQ(filled.store.sweep(), 1u);
  EXPECT_TRUE(filled.store.contains(filled.image.id));
}

TEST(Store, GivesOutNothingOfWhatIsMarkedDamaged) {
  Filled filled;
  ASSERT_TRUE(filled.store.mark_damaged(filled.image.id, {"unix is not what was imported", ""}));
  Store::Listing listing = filled.store.list();
  EXPECT_TRUE(listing.images.empty());
  EXPECT_EQ(listing.broken, std::vector{filled.image.id});
  ASSERT_EQ(listing.problems.size(), 1u);
  EXPECT_THAT(listing.problems[0].to_string(), HasSubstr("unix is not what was imported"));
  EXPECT_THAT(listing.problems[0].to_string(), HasSubstr("import the image again"));
  ASSERT_EQ(listing.damaged.size(), 1u);
  EXPECT_EQ(listing.damaged[0].id, filled.image.id);
  EXPECT_FALSE(filled.store.contains(filled.image.id));
  ASSERT_TRUE(filled.store.unmark(filled.image.id));
  EXPECT_TRUE(filled.store.contains(filled.image.id));
  EXPECT_EQ(filled.store.list().images.size(), 1u);
}

TEST(Store, KnowsWhatAnImageWasOfWhichAFileIsCutOrGone) {
  for (bool gone : {false, true}) {
    Filled filled;
    test::fs::path file = test::fs::path(filled.folder) / "files" / kernel;
    gone ? void(test::fs::remove(file)) : test::fs::resize_file(file, 10);
    Store::Listing listing = filled.store.list();
    EXPECT_TRUE(listing.images.empty());
    ASSERT_EQ(listing.damaged.size(), 1u);
    EXPECT_EQ(listing.damaged[0].id, filled.image.id);
    EXPECT_FALSE(filled.store.contains(filled.image.id));
  }
}

TEST(Soundness, ReadsEveryByteAgain) {
  Filled filled;
  std::uint64_t read = 0;
  auto count = [&](std::uint64_t bytes) { return read += bytes, true; };
  EXPECT_TRUE(soundness_of(filled.store, filled.image, count).whole());
  EXPECT_EQ(read, filled.image.size());
  test::flip_byte(filled.folder + "/files/" + std::string(kernel), 19'999);
  Soundness found = soundness_of(filled.store, filled.image, count);
  EXPECT_FALSE(found.whole());
  ASSERT_EQ(found.damaged.size(), 1u);
  EXPECT_THAT(found.damaged[0].what, HasSubstr(std::string(kernel)));
}

TEST(Soundness, StopsWhenItIsTold) {
  Filled filled;
  int heard = 0;
  EXPECT_TRUE(
      soundness_of(filled.store, filled.image, [&](std::uint64_t) { return ++heard, false; }).whole());
  EXPECT_EQ(heard, 1);
}

}  // namespace slipway::image
