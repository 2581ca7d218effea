// SPDX-License-Identifier: MPL-2.0
#include "image/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "image/soundness.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::make_archive;
using test::Packing;
using test::platform;
using test::stamp;
using test::TempDir;
using test::Tree;
using test::write_archive;
using test::write_platform_tgz;
using ::testing::HasSubstr;

const std::string root = "platform-" + stamp;

/// What lies in the store besides images and its lock.
std::vector<std::string> leftovers(const Store& store) {
  std::vector<std::string> names;
  if (!test::fs::exists(store.images_dir())) return names;
  for (auto& entry : test::fs::directory_iterator(store.images_dir())) {
    std::string name = entry.path().filename();
    if (name != ".lock" && !store.contains(name)) names.push_back(name);
  }
  return names;
}

const Finding* find(const Findings& findings, Rule rule) {
  auto found = std::find_if(findings.begin(), findings.end(), [&](auto& f) { return f.rule == rule; });
  return found == findings.end() ? nullptr : &*found;
}

/// Why importing `source` into an empty store was refused; nothing may be left of it.
std::string refused(const TempDir& dir, const std::string& source) {
  Store store(dir / "refusing");
  auto report = import_image(source, store);
  EXPECT_TRUE(store.list().images.empty() && leftovers(store).empty());
  return report ? "was accepted" : fmt::format("{}: {}", report.error().id(), report.error().sentence());
}

}  // namespace

TEST(Import, BringsInThePublishersArchive) {
  TempDir dir;
  Store store(dir / "state");
  ImportOptions options;
  options.now = from_unix_seconds(1704164645);
  auto report = import_image(write_platform_tgz(dir), store, options);
  ASSERT_TRUE(report) << report.error().sentence();
  EXPECT_FALSE(report->already_there);
  EXPECT_EQ(report->image.version, stamp);
  EXPECT_EQ(report->image.kind, model::ImageKind::smartos);
  EXPECT_EQ(report->image.imported, options.now);

  auto listing = store.list();
  ASSERT_EQ(listing.images.size(), 1u);
  EXPECT_EQ(listing.images[0].id, report->image.id);
  for (auto& [path, content] : platform("platform")) {
    std::string lies_at = store.images_dir() + "/" + report->image.id + "/files/" + path;
    if (path == "platform/root.password") {
      EXPECT_FALSE(test::fs::exists(lies_at));
    } else {
      EXPECT_EQ(test::read_file(lies_at), content) << path;
    }
  }
  EXPECT_TRUE(leftovers(store).empty());
}

TEST(Import, NeverStoresTheRootPasswordAndSaysSo) {
  TempDir dir;
  Store store(dir / "state");
  auto report = import_image(write_platform_tgz(dir), store);
  ASSERT_TRUE(report);
  const Finding* said = find(report->findings, Rule::secret_left_out);
  ASSERT_TRUE(said);
  EXPECT_THAT(said->sentence(), HasSubstr(root + "/root.password"));
  for (auto& entry : test::fs::recursive_directory_iterator(store.images_dir())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(test::read_file(entry.path()).find("secret123"), std::string::npos);
  }
}

TEST(Import, GivesOnePlatformOneIdHoweverItIsPacked) {
  TempDir dir;
  Store store(dir / "state");
  auto first = import_image(write_platform_tgz(dir), store);
  ASSERT_TRUE(first);
  std::string served = "os/" + stamp + "/platform";
  std::vector<std::string> others{
      write_archive(dir / "a.tar.xz", platform(root), Packing::txz),
      write_archive(dir / "a.iso", platform("platform"), Packing::iso),
      write_archive(dir / "served.tar", platform(served), Packing::tar),
      test::write_folder(dir / root, platform("")),
      test::write_folder(dir / "tftpboot", platform(served)),
      dir / ("tftpboot/os/" + stamp),
      dir / ("tftpboot/os/" + stamp + "/platform"),
  };
  for (const std::string& source : others) {
    auto report = import_image(source, store);
    ASSERT_TRUE(report) << source << ": " << report.error().sentence();
    EXPECT_TRUE(report->already_there) << source;
    EXPECT_EQ(report->image.id, first->image.id) << source;
    EXPECT_EQ(report->image.imported, first->image.imported);
  }
  EXPECT_EQ(store.list().images.size(), 1u);
  EXPECT_TRUE(leftovers(store).empty());
}

TEST(Import, ReadsAnIsoAsXorrisoWritesIt) {
  if (std::system("command -v xorriso >/dev/null") != 0) GTEST_SKIP() << "xorriso is not installed";
  TempDir dir;
  Store store(dir / "state");
  Tree tree = platform("platform");
  // Without content and with shared content: what writers store once and readers take for links.
  tree["platform/i86pc/amd64/boot_archive.manifest"] = tree["platform/i86pc/amd64/boot_archive.gitstatus"] =
      "";
  test::write_folder(dir / "disc", tree);
  test::fs::create_directories(dir / "disc/etc/version");
  test::fs::create_hard_link(dir / "disc/platform/etc/version/platform", dir / "disc/etc/version/platform");
  std::string command =
      fmt::format("xorriso -as mkisofs -quiet -R {} -o {} 2>/dev/null", dir / "disc", dir / "latest.iso");
  ASSERT_EQ(std::system(command.c_str()), 0);
  auto from_iso = import_image(dir / "latest.iso", store);
  ASSERT_TRUE(from_iso) << from_iso.error().sentence();
  auto from_folder = import_image(dir / "disc", store);
  ASSERT_TRUE(from_folder);
  EXPECT_EQ(from_iso->image.id, from_folder->image.id);
}

TEST(Import, MakesFilesThatAnotherUserMayReadWhateverTheUmask) {
  TempDir dir;
  Store store(dir / "state");
  mode_t before = ::umask(0077);
  auto report = import_image(write_platform_tgz(dir), store);
  ::umask(before);
  ASSERT_TRUE(report);
  for (auto& entry : test::fs::recursive_directory_iterator(dir / "state")) {
    if (entry.path().filename() == ".lock") continue;
    auto wanted = entry.is_directory() ? 0755 : 0644;
    EXPECT_EQ(static_cast<int>(entry.status().permissions()), wanted) << entry.path();
  }
}

TEST(Import, MakesAMissingHash) {
  TempDir dir;
  Store store(dir / "state");
  Tree tree = platform(root);
  tree.erase(root + "/i86pc/amd64/boot_archive.hash");
  auto report = import_image(write_archive(dir / "a.tgz", tree), store);
  ASSERT_TRUE(report) << report.error().sentence();
  EXPECT_TRUE(find(report->findings, Rule::hash_missing));
  auto file = store.open_file(report->image.id, "platform/i86pc/amd64/boot_archive.hash");
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->size, 41u);
  EXPECT_TRUE(store.contains(report->image.id));
}

TEST(Import, RefusesEachFaultWithItsOwnSentenceAndLeavesNothing) {
  TempDir dir;
  auto broken = [&](const std::string& path, const std::string& content) {
    Tree tree = platform(root);
    tree[root + path] = content;
    return refused(dir, write_archive(dir / "broken.tgz", tree));
  };
  const std::string archive = "/i86pc/amd64/boot_archive";
  EXPECT_THAT(broken(archive, make_archive().substr(0, 32768)), HasSubstr("image.archive-cut-short"));
  EXPECT_THAT(broken(archive, make_archive(65536, 'b')), HasSubstr("image.hash-mismatch"));
  EXPECT_THAT(broken(archive + ".hash", std::string(40, '0')), HasSubstr("image.hash-mismatch"));
  EXPECT_THAT(broken(archive + ".hash", "junk"), HasSubstr("image.hash-malformed"));
  EXPECT_THAT(broken("/i86pc/kernel/amd64/unix", "a page of text"), HasSubstr("image.unix-not-elf"));
  EXPECT_THAT(broken("/etc/version/platform", "20250505T050505Z"), HasSubstr("image.stamp-mismatch"));
}

TEST(Import, RefusesAServedTreeThatKeptThePublishersFolder) {
  TempDir dir;
  std::string said = refused(dir, test::write_folder(dir / "smartos", platform(root)));
  EXPECT_THAT(said, HasSubstr("image.platform-stamp-folder"));
  EXPECT_THAT(
      said, HasSubstr("rename " + root + " to platform, or import " + dir / ("smartos/" + root) + " itself"));
  said = refused(dir, test::write_folder(dir / "tftpboot", platform("os/" + stamp + "/" + root)));
  EXPECT_THAT(said, HasSubstr("image.platform-stamp-folder"));
}

TEST(Import, RefusesATgzThatIsCutShort) {
  TempDir dir;
  std::string whole = test::read_file(write_platform_tgz(dir));
  test::write_file(dir / "cut.tgz", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(refused(dir, dir / "cut.tgz"), HasSubstr("image.source-cut-short"));
}

TEST(Import, RefusesAKernelThatIsALink) {
  TempDir dir;
  Tree tree = platform(root);
  tree.erase(root + "/i86pc/kernel/amd64/unix");
  std::string source = write_archive(dir / "a.tgz", tree, Packing::tgz,
                                     {{root + "/i86pc/kernel/amd64/unix", "../../../../etc/passwd", ""}});
  EXPECT_THAT(refused(dir, source), HasSubstr("image.link-not-followed"));
}

TEST(Import, WarnsOfALinkAmongTheOtherFilesAndLeavesItOut) {
  TempDir dir;
  Store store(dir / "state");
  std::string source =
      write_archive(dir / "a.tgz", platform(root), Packing::tgz,
                    {{root + "/i86pc/amd64/extra", "/etc/shadow", ""}, {root + "/elsewhere", "x", ""}});
  auto report = import_image(source, store);
  ASSERT_TRUE(report) << report.error().sentence();
  const Finding* said = find(report->findings, Rule::link_not_followed);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->weight, Weight::warning);
  EXPECT_THAT(said->sentence(), HasSubstr("i86pc/amd64/extra is a link"));
  EXPECT_FALSE(report->image.file("platform/i86pc/amd64/extra"));
}

TEST(Import, WarnsOfAnotherImageWithTheSameVersion) {
  TempDir dir;
  Store store(dir / "state");
  ASSERT_TRUE(import_image(write_platform_tgz(dir), store));
  auto report = import_image(write_platform_tgz(dir, stamp, make_archive(65536, 'b')), store);
  ASSERT_TRUE(report);
  EXPECT_TRUE(find(report->findings, Rule::same_version));
  EXPECT_EQ(store.list().images.size(), 2u);
}

TEST(Import, ReplacesABrokenImageOfTheSameContent) {
  TempDir dir;
  Store store(dir / "state");
  std::string source = write_platform_tgz(dir);
  auto first = import_image(source, store);
  ASSERT_TRUE(first);
  test::fs::remove(store.images_dir() + "/" + first->image.id + "/manifest.json");
  ASSERT_FALSE(store.contains(first->image.id));
  auto second = import_image(source, store);
  ASSERT_TRUE(second) << second.error().sentence();
  EXPECT_FALSE(second->already_there);
  EXPECT_TRUE(second->replaced);
  EXPECT_TRUE(store.contains(first->image.id));
  EXPECT_TRUE(leftovers(store).empty());
}

TEST(Import, ReplacesAnImageWithOtherBytesThanWereImported) {
  TempDir dir;
  Store store(dir / "state");
  std::string source = write_platform_tgz(dir);
  auto first = import_image(source, store);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->replaced);
  test::flip_byte(store.images_dir() + "/" + first->image.id + "/files/" + first->image.files.back().path, 0);
  auto second = import_image(source, store);
  ASSERT_TRUE(second) << second.error().sentence();
  EXPECT_TRUE(second->replaced);
  EXPECT_TRUE(soundness_of(store, second->image, [](std::uint64_t) { return true; }).whole());
  EXPECT_TRUE(import_image(source, store)->already_there);
}

TEST(Import, RefusesAnArchiveWhoseChecksumIsWrong) {
  TempDir dir;
  Store store(dir / "state");
  std::string source = write_platform_tgz(dir);
  test::flip_byte(source,
                  static_cast<std::streamoff>(test::fs::file_size(source)) - 8);  // CRC-32, then ISIZE
  auto refused = import_image(source, store);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().sentence(), HasSubstr("its checksum is wrong"));
}

TEST(Import, RefusesToRunBesideAnother) {
  TempDir dir;
  Store store(dir / "state");
  std::string source = write_platform_tgz(dir);
  std::string other = write_platform_tgz(dir, "20230102T030405Z");
  std::vector<std::string> inner;
  ImportOptions options;
  options.progress = [&](const Progress& progress) {
    if (progress.phase != Phase::copying || !inner.empty()) return;
    auto report = import_image(other, store);
    inner.push_back(report ? "was accepted" : std::string(report.error().id()));
  };
  auto outer = import_image(source, store, options);
  ASSERT_TRUE(outer) << outer.error().sentence();
  EXPECT_EQ(inner, std::vector<std::string>{"image.busy"});
  EXPECT_TRUE(import_image(other, store));
  EXPECT_EQ(store.list().images.size(), 2u);
}

TEST(Import, StopsWhenAskedAndLeavesNothing) {
  TempDir dir;
  Store store(dir / "state");
  std::string source = write_platform_tgz(dir, stamp, make_archive(8 << 20));
  for (Phase phase : {Phase::reading, Phase::copying, Phase::finishing}) {
    std::atomic<bool> stop = false;
    ImportOptions options;
    options.stop = &stop;
    options.progress = [&](const Progress& progress) { stop = stop || progress.phase == phase; };
    auto report = import_image(source, store, options);
    ASSERT_FALSE(report) << to_string(phase);
    EXPECT_EQ(report.error().id(), "image.interrupted");
    EXPECT_TRUE(store.list().images.empty());
    EXPECT_TRUE(leftovers(store).empty());
  }
}

TEST(Import, TellsHowFarItIs) {
  TempDir dir;
  Store store(dir / "state");
  std::vector<Progress> told;
  ImportOptions options;
  options.progress = [&](const Progress& progress) { told.push_back(progress); };
  ASSERT_TRUE(import_image(write_platform_tgz(dir, stamp, make_archive(8 << 20)), store, options));
  auto in_order = [](const Progress& a, const Progress& b) {
    return a.phase < b.phase || (a.phase == b.phase && a.done < b.done);
  };
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end(), in_order));
  EXPECT_GT(told.size(), 8u);
  auto last_copied =
      std::find_if(told.rbegin(), told.rend(), [](auto& p) { return p.phase == Phase::copying; });
  ASSERT_NE(last_copied, told.rend());
  EXPECT_GT(last_copied->total, std::uint64_t{8} << 20);
  EXPECT_EQ(last_copied->done, last_copied->total);
}

}  // namespace slipway::image
