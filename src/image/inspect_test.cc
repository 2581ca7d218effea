// SPDX-License-Identifier: MPL-2.0
#include "image/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::platform;
using test::stamp;
using test::TempDir;
using test::Tree;
using test::write_archive;
using ::testing::HasSubstr;

const std::string root = "platform-" + stamp;

}  // namespace

TEST(Inspect, TellsWhatAnImportWouldStore) {
  TempDir dir;
  std::string source = test::write_platform_tgz(dir);
  Inspection inspection = inspect(source);
  EXPECT_TRUE(inspection.importable());
  EXPECT_EQ(inspection.format, "tar archive (gzip)");
  EXPECT_EQ(inspection.layout, "platform-STAMP at the top");
  EXPECT_EQ(inspection.entries, 7u);
  EXPECT_EQ(inspection.image.version, stamp);
  Store store(dir / "state");
  auto report = import_image(source, store);
  ASSERT_TRUE(report);
  EXPECT_EQ(inspection.image.id, report->image.id);
  EXPECT_EQ(inspection.image.files.size(), 6u);
}

TEST(Inspect, GivesTheIdOfAnImportThatMakesTheHash) {
  TempDir dir;
  Tree tree = platform("platform");
  tree.erase("platform/i86pc/amd64/boot_archive.hash");
  std::string source = write_archive(dir / "a.iso", tree, test::Packing::iso);
  Inspection inspection = inspect(source);
  EXPECT_EQ(inspection.format, "ISO 9660");
  Store store(dir / "state");
  EXPECT_EQ(inspection.image.id, import_image(source, store)->image.id);
}

TEST(Inspect, ShowsEveryFindingErrorsFirst) {
  TempDir dir;
  Tree tree = platform(root, "20250505T050505Z");
  tree[root + "/i86pc/kernel/amd64/unix"] = "text";
  Inspection inspection = inspect(write_archive(dir / "a.tgz", tree));
  EXPECT_FALSE(inspection.importable());
  EXPECT_TRUE(inspection.image.id.empty());
  ASSERT_EQ(inspection.findings.size(), 3u);
  EXPECT_EQ(inspection.findings[0].id(), "image.unix-not-elf");
  EXPECT_EQ(inspection.findings[1].id(), "image.stamp-mismatch");
  EXPECT_EQ(inspection.findings[2].id(), "image.secret-left-out");
}

TEST(Inspect, OnlyReads) {
  TempDir dir;
  std::string source = write_archive(dir / "a.tgz", platform(root));
  std::size_t told = 0;
  ImportOptions options;
  options.progress = [&](const Progress& progress) {
    ++told;
    EXPECT_LE(progress.phase, Phase::reading) << to_string(progress.phase);
  };
  inspect(source, options);
  EXPECT_GT(told, 0u);
}

TEST(Inspect, SaysWhyASourceCannotBeRead) {
  Inspection inspection = inspect("/nonexistent.tgz");
  EXPECT_FALSE(inspection.importable());
  ASSERT_EQ(inspection.findings.size(), 1u);
  EXPECT_THAT(inspection.findings[0].sentence(), HasSubstr("/nonexistent.tgz does not exist"));
}

}  // namespace slipway::image
