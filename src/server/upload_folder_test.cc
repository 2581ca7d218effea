// SPDX-License-Identifier: MPL-2.0
#include "server/upload_folder.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using wire::TftpErrorCode;

class UploadFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "uploads-XXXXXX";
    ASSERT_TRUE(::mkdtemp(name.data()));
    path = name;
  }
  void TearDown() override { fs::remove_all(path); }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(path)) found.push_back(entry.path().filename());
    return found;
  }
  std::string content(const std::string& name) const {
    std::ifstream file(path / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void put(UploadFolder& folder, std::string_view name, std::string_view text) {
    auto file = folder.open(name, text.size());
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->append(as_bytes(text)));
    EXPECT_FALSE((*file)->keep());
  }
  static TftpErrorCode refusal(UploadFolder& folder, std::string_view name, std::uint64_t size = 0) {
    auto file = folder.open(name, size);
    EXPECT_FALSE(file);
    return file ? TftpErrorCode::undefined : file.error().code;
  }

  fs::path path;
};

TEST_F(UploadFolderTest, HasAFileWholeOrNotAtAll) {
  UploadFolder folder(path, {});
  {
    auto file = folder.open("//console.log", 0);
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->append(as_bytes("half")));
    EXPECT_FALSE(fs::exists(path / "console.log"));
  }
  EXPECT_TRUE(names().empty());
  put(folder, "console.log", "all of it");
  EXPECT_THAT(names(), UnorderedElementsAre("console.log"));
  EXPECT_EQ(content("console.log"), "all of it");
}

TEST_F(UploadFolderTest, ReplacesNothingUnlessItIsAllowed) {
  UploadFolder folder(path, {});
  put(folder, "a", "first");
  EXPECT_EQ(refusal(folder, "a"), TftpErrorCode::file_exists);
  // Two at the same time: the second finds out at its end.
  auto one = folder.open("b", 0), two = folder.open("b", 0);
  ASSERT_TRUE(one && two);
  EXPECT_FALSE((*one)->keep());
  EXPECT_EQ((*two)->keep()->code, TftpErrorCode::file_exists);
  one->reset();
  two->reset();
  EXPECT_THAT(names(), UnorderedElementsAre("a", "b"));

  UploadLimits over;
  over.overwrite = true;
  UploadFolder replacing(path, over);
  put(replacing, "a", "second");
  EXPECT_EQ(content("a"), "second");
}

TEST_F(UploadFolderTest, TakesPlainNamesOnly) {
  UploadFolder folder(path, {});
  for (std::string_view name : {"", "/", "..", ".hidden", "a/b", "../a", "a b", "a\\b", "a\n", "\xff"})
    EXPECT_EQ(refusal(folder, name), TftpErrorCode::access_violation) << name;
  EXPECT_EQ(refusal(folder, std::string(129, 'a')), TftpErrorCode::access_violation);
  fs::create_symlink("/etc/passwd", path / "link");
  EXPECT_EQ(refusal(folder, "link"), TftpErrorCode::file_exists);
}

TEST_F(UploadFolderTest, PromisesNoMoreThanThereIsRoomFor) {
  UploadLimits limits;
  limits.file = 60;
  limits.all = 100;
  UploadFolder folder(path, limits);
  put(folder, "there", std::string(10, 'x'));
  auto first = folder.open("first", 0);
  ASSERT_TRUE(first);
  EXPECT_EQ((*first)->most(), 60u);
  auto second = folder.open("second", 20);
  ASSERT_TRUE(second);
  EXPECT_EQ((*second)->most(), 20u);
  auto third = folder.open("third", 0);
  ASSERT_TRUE(third);
  EXPECT_EQ((*third)->most(), 10u);
  EXPECT_EQ(refusal(folder, "fourth"), TftpErrorCode::undefined) << "it passes: others are on their way in";
  first->reset();
  EXPECT_TRUE(folder.open("fourth", 0));
}

TEST_F(UploadFolderTest, PromisesWhatAFileThatIsStoredDidNotNeedToOthers) {
  UploadLimits limits;
  limits.file = 60;
  limits.all = 100;
  UploadFolder folder(path, limits);
  auto first = folder.open("first", 0), second = folder.open("second", 0);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(refusal(folder, "third"), TftpErrorCode::undefined);
  Bytes five(5, 'x');
  ASSERT_TRUE((*first)->append(five));
  ASSERT_FALSE((*first)->keep());
  auto third = folder.open("third", 0);  // though the first still waits for its last ACK to be heard
  ASSERT_TRUE(third);
  EXPECT_EQ((*third)->most(), 100u - 40u - 5u);
}

TEST_F(UploadFolderTest, BoundsTheNumberOfFiles) {
  UploadLimits limits;
  limits.files = 2;
  UploadFolder folder(path, limits);
  put(folder, "a", "");
  put(folder, "b", "");
  EXPECT_EQ(refusal(folder, "c"), TftpErrorCode::disk_full);
}

TEST_F(UploadFolderTest, RemovesWhatARunBeforeLeftUnfinished) {
  std::ofstream(path / ".upload-17-1") << "half";
  std::ofstream(path / "whole") << "whole";
  UploadFolder folder(path, {});
  EXPECT_THAT(names(), UnorderedElementsAre("whole"));
}

TEST_F(UploadFolderTest, NamesTheFolderThatIsNotThere) {
  try {
    UploadFolder folder(path / "missing", {});
    FAIL();
  } catch (const StartupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("missing: No such file or directory; make the folder"));
  }
}

}  // namespace
}  // namespace slipway::server
