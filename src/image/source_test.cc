// SPDX-License-Identifier: MPL-2.0
#include "image/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "image/intake.h"
#include "image/little_endian.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::Packing;
using test::TempDir;
using test::Tree;
using test::write_archive;
using ::testing::HasSubstr;

const Tree little{{"a/one", "first"}, {"a/two", std::string(3'000'000, 'z')}, {"b", ""}};

/// Everything in a source as a tree; the refusal as {"refused", id: sentence}.
Tree contents(const std::string& path) {
  auto refused = [](const Refusal& refusal) {
    return Tree{{"refused", fmt::format("{}: {}", refusal.id(), refusal.sentence())}};
  };
  auto name = name_source(path);
  if (!name) return refused(name.error());
  auto source = open_source(*name);
  if (!source) return refused(source.error());
  Tree tree;
  while (true) {
    auto entry = (*source)->next();
    if (!entry) return refused(entry.error());
    if (!*entry) return tree;
    if ((*entry)->type == EntryType::link) tree[(*entry)->path] = "(link)";
    if ((*entry)->type != EntryType::file) continue;
    std::string& content = tree[(*entry)->path];
    while (true) {
      auto bytes = (*source)->read();
      if (!bytes) return refused(bytes.error());
      if (bytes->empty()) break;
      content += as_text(*bytes);
    }
    EXPECT_EQ(content.size(), (*entry)->size);
  }
}

std::string refused(const std::string& path) {
  Tree tree = contents(path);
  return tree.contains("refused") ? tree["refused"] : "was accepted";
}

/// What does not compress, so that half an archive ends in the middle of it.
std::string noise() {
  std::string text;
  for (std::uint64_t i = 0; text.size() < 300'000; ++i) text += test::sha1(std::to_string(i));
  return text;
}

/// An ISO whose only file claims two extents, together a little over 4 GiB (ECMA-119 §9.1).
std::string iso_with_a_large_file() {
  constexpr std::size_t descriptor = 16 * 2048, record_size = 10, record_flags = 25;
  TempDir dir;
  std::string disc = test::read_file(write_archive(dir / "a.iso", {{"BIG", std::string(4096, 'x')}},
                                                   Packing::iso, {}, "!joliet,!rockridge"));
  test::put32(disc, descriptor + 80, 0x00400000);  // blocks in the volume: 8 GiB
  std::size_t root = little32(as_bytes(disc), descriptor + 156 + 2) * std::size_t{2048};
  std::size_t file = root + 34 + 34;  // after "." and ".."
  auto length = static_cast<unsigned char>(disc[file]);
  std::string second = disc.substr(file, length);
  test::put32(disc, file + record_size, 0xFFFFF800);
  disc[file + record_flags] |= static_cast<char>(0x80);  // not the last extent
  return disc.replace(file + length, second.size(), second);
}

}  // namespace

TEST(Source, ReadsEveryPackingAlike) {
  TempDir dir;
  EXPECT_EQ(contents(write_archive(dir / "a.tgz", little, Packing::tgz)), little);
  EXPECT_EQ(contents(write_archive(dir / "a.tar", little, Packing::tar)), little);
  EXPECT_EQ(contents(write_archive(dir / "a.tar.xz", little, Packing::txz)), little);
  EXPECT_EQ(contents(write_archive(dir / "a.tar.zst", little, Packing::tzst)), little);
  EXPECT_EQ(contents(write_archive(dir / "a.iso", little, Packing::iso)), little);
  EXPECT_EQ(contents(test::write_folder(dir / "folder", little)), little);
}

TEST(Source, TakesNamesWithADotInFront) {
  TempDir dir;
  EXPECT_EQ(contents(write_archive(dir / "a.tgz", {{"./a/one", "first"}})), (Tree{{"a/one", "first"}}));
}

TEST(Source, ReportsLinksAndDoesNotFollowThem) {
  TempDir dir;
  write_archive(dir / "a.tgz", {{"a", "x"}}, Packing::tgz, {{"soft", "/etc/passwd", ""}, {"hard", "", "a"}});
  EXPECT_EQ(contents(dir / "a.tgz"), (Tree{{"a", "x"}, {"soft", "(link)"}, {"hard", "(link)"}}));
  test::write_folder(dir / "folder", {{"a", "x"}});
  test::fs::create_symlink("/etc/passwd", dir / "folder/soft");
  test::fs::create_symlink("/etc", dir / "folder/etc");
  ASSERT_EQ(::mkfifo((dir / "folder/fifo").c_str(), 0600), 0);
  EXPECT_EQ(contents(dir / "folder"), (Tree{{"a", "x"}, {"soft", "(link)"}, {"etc", "(link)"}}));
}

TEST(Source, RefusesANameThatLeavesIt) {
  TempDir dir;
  for (std::string name : {"../escape", "a/../../escape", "a\nb"}) {
    EXPECT_THAT(refused(write_archive(dir / "a.tgz", {{name, "x"}})), HasSubstr("image.unsafe-name")) << name;
  }
}

TEST(Source, SaysThatATgzIsCutShort) {
  TempDir dir;
  write_archive(dir / "whole.tgz", {{"a", noise()}});
  std::string whole = test::read_file(dir / "whole.tgz");
  for (std::size_t size : {whole.size() / 3, whole.size() / 2, whole.size() - 20}) {
    test::write_file(dir / "cut.tgz", whole.substr(0, size));
    EXPECT_THAT(refused(dir / "cut.tgz"), HasSubstr("image.source-cut-short")) << size;
    EXPECT_THAT(refused(dir / "cut.tgz"), HasSubstr("download it again")) << size;
  }
}

TEST(Source, SaysThatATarOrAnIsoIsCutShort) {
  TempDir dir;
  for (Packing packing : {Packing::tar, Packing::txz, Packing::tzst, Packing::iso}) {
    write_archive(dir / "whole", {{"a", noise()}}, packing);
    std::string whole = test::read_file(dir / "whole");
    test::write_file(dir / "cut", whole.substr(0, whole.size() / 2));
    EXPECT_THAT(refused(dir / "cut"), HasSubstr("image.source-cut-short")) << int(packing);
  }
}

TEST(Source, RefusesWhatIsNoArchive) {
  TempDir dir;
  test::write_file(dir / "page.tgz", "<html>404 Not Found</html>\n" + std::string(4000, ' '));
  EXPECT_THAT(refused(dir / "page.tgz"), HasSubstr("image.source-format"));
  test::write_file(dir / "empty.tgz", "");
  EXPECT_THAT(refused(dir / "empty.tgz"), HasSubstr("is empty"));
  EXPECT_THAT(refused(dir / "absent.tgz"), HasSubstr("does not exist"));
  EXPECT_THAT(refused("https://example.org/platform.tgz"), HasSubstr("import it with"));
  EXPECT_THAT(refused("/dev/null"), HasSubstr("neither a file nor a folder"));
}

TEST(Source, RefusesAnIsoThatIsUdfOnly) {
  TempDir dir;
  std::string disc(40 * 2048, '\0');
  disc.replace(16 * 2048 + 1, 5, "BEA01");
  disc.replace(17 * 2048 + 1, 5, "NSR02");
  disc.replace(18 * 2048 + 1, 5, "TEA01");
  test::write_file(dir / "udf.iso", disc);
  EXPECT_THAT(refused(dir / "udf.iso"), HasSubstr("image.iso-udf-only"));
}

TEST(Source, RefusesAFileOfFourGibibytesInAnIso) {
  TempDir dir;
  test::write_file(dir / "large.iso", iso_with_a_large_file());
  EXPECT_THAT(refused(dir / "large.iso"), HasSubstr("image.iso-large-file"));
  EXPECT_THAT(refused(dir / "large.iso"), HasSubstr("BIG"));
}

/// Root may read everything: for as long as this lives, we are nobody.
class AsNobody {
 public:
  AsNobody() : root_(::geteuid() == 0) {
    if (root_ && ::seteuid(65534) != 0) ADD_FAILURE() << "cannot become nobody";
  }
  ~AsNobody() {
    if (root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool root_;
};

TEST(Source, RefusesAFolderItMayNotRead) {
  AsNobody nobody;
  TempDir dir;
  test::write_folder(dir / "folder", little);
  ASSERT_EQ(::chmod((dir / "folder/a").c_str(), 0), 0);
  EXPECT_THAT(refused(dir / "folder"), HasSubstr("image.source-unreadable"));
  ::chmod((dir / "folder/a").c_str(), 0755);
}

TEST(Survey, RefusesTooManyEntriesTooManyBytesAndNamesTwice) {
  TempDir dir;
  ImportOptions options;
  Meter meter(options);
  SourceName name = *name_source(write_archive(dir / "a.tgz", little));
  EXPECT_TRUE(survey(name, meter, {3, 4'000'000}));
  EXPECT_EQ(survey(name, meter, {2, 4'000'000}).error().id(), "image.too-many-entries");
  EXPECT_EQ(survey(name, meter, {3, 2'000'000}).error().id(), "image.too-large");

  std::string twice = write_archive(dir / "twice.tar", {{"a", "x"}, {"./a", "y"}}, Packing::tar);
  EXPECT_EQ(survey(*name_source(twice), meter).error().id(), "image.duplicate-name");
}

}  // namespace slipway::image
