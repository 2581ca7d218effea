// SPDX-License-Identifier: MPL-2.0
#include "image/smartos.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/test_platform.h"

namespace slipway::image {
namespace {

using test::make_archive;
using test::make_unix;
using test::platform;
using test::sha1;
using test::stamp;
using test::Tree;
using ::testing::HasSubstr;

const std::string root = "platform-" + stamp;
const std::string unix_file = root + "/i86pc/kernel/amd64/unix";
const std::string archive_file = root + "/i86pc/amd64/boot_archive";
const std::string hash_file = archive_file + ".hash";

Verdict verify(const Tree& tree, const std::string& name = "platform-" + stamp + ".tgz") {
  std::vector<std::string> paths;
  for (auto& [path, content] : tree) paths.push_back(path);
  auto layout = recognise(paths, {name, name, false});
  EXPECT_TRUE(layout);
  std::vector<FileFacts> facts;
  for (auto& [path, content] : tree) {
    auto stored_as = layout->stored_as(path);
    if (!stored_as && !layout->tells_version(path)) continue;
    ByteView bytes = as_bytes(content);
    ByteView head = bytes.first(std::min(bytes.size(), kept_head));
    facts.push_back(
        {path, stored_as.value_or(""), content.size(), digests_of(bytes), {head.begin(), head.end()}});
  }
  return verify_smartos(*layout, facts);
}

/// The one finding of this rule; the sentence says what is there instead when it is missing.
std::string sentence(const Verdict& verdict, Rule rule, Weight weight = Weight::error) {
  std::string others;
  for (const Finding& finding : verdict.findings) {
    if (finding.rule == rule && finding.weight == weight) return finding.sentence();
    others += fmt::format("[{}: {}]", finding.id(), finding.sentence());
  }
  return "no such finding: " + others;
}

}  // namespace

TEST(Smartos, HasNothingToSayOfAGoodPlatform) {
  Verdict verdict = verify(platform(root));
  EXPECT_TRUE(verdict.findings.empty()) << verdict.findings[0].sentence();
  EXPECT_EQ(verdict.version, stamp);
  EXPECT_TRUE(verdict.made.empty());
}

TEST(Smartos, RefusesAKernelThatIsText) {
  Tree tree = platform(root);
  tree[unix_file] = "<html><title>404 Not Found</title>\n</html>\n";
  std::string said = sentence(verify(tree), Rule::unix_not_elf);
  EXPECT_THAT(said, HasSubstr(unix_file));
  EXPECT_THAT(said, HasSubstr("it is text and begins with \"<html><title>404 Not Found</title>\""));
}

TEST(Smartos, RefusesAKernelForAnotherMachineOrOfNoBytes) {
  Tree tree = platform(root);
  tree[unix_file][18] = 40;
  EXPECT_THAT(sentence(verify(tree), Rule::unix_not_elf), HasSubstr("another machine"));
  tree[unix_file] = "";
  EXPECT_THAT(sentence(verify(tree), Rule::unix_not_elf), HasSubstr("empty"));
}

TEST(Smartos, RefusesAKernelWithoutAMultibootHeader) {
  Tree tree = platform(root);
  tree[unix_file][4096] ^= 1;
  EXPECT_THAT(sentence(verify(tree), Rule::unix_no_multiboot), HasSubstr("none is there"));
  tree = platform(root);
  tree[unix_file][4100] ^= 1;
  EXPECT_THAT(sentence(verify(tree), Rule::unix_no_multiboot), HasSubstr("wrong checksum"));
}

TEST(Smartos, RefusesAMissingKernelOrArchive) {
  Tree tree = platform(root);
  tree.erase(unix_file);
  EXPECT_THAT(sentence(verify(tree), Rule::unix_missing), HasSubstr(unix_file));
  tree = platform(root);
  tree.erase(archive_file);
  EXPECT_THAT(sentence(verify(tree), Rule::archive_missing), HasSubstr(archive_file));
}

TEST(Smartos, RefusesACompressedArchiveWithTheRemedy) {
  Tree tree = platform(root);
  tree[archive_file] = "\x1f\x8b\x08" + std::string(1021, 'z');
  tree[hash_file] = sha1(tree[archive_file]);
  std::string said = sentence(verify(tree), Rule::archive_compressed);
  EXPECT_THAT(said, HasSubstr("compressed with gzip"));
  EXPECT_THAT(said, HasSubstr("decompress it"));
}

TEST(Smartos, SaysThatAnArchiveIsCutShortBySuperblock) {
  Tree tree = platform(root);
  tree[archive_file].resize(32768);
  EXPECT_THAT(sentence(verify(tree), Rule::archive_cut_short), HasSubstr("32768 of the 65536 bytes"));
}

TEST(Smartos, SaysThatAnArchiveWithoutSuperblockIsCutShortBySizeAndHash) {
  Tree tree = platform(root, stamp, std::string(4096, 'x'));
  tree[archive_file].resize(2048);
  EXPECT_THAT(sentence(verify(tree), Rule::archive_cut_short),
              HasSubstr("2048 bytes where a whole one has 358400000"));
  tree[archive_file].resize(1000);
  EXPECT_THAT(sentence(verify(tree), Rule::archive_cut_short), HasSubstr("multiple of 512"));
  tree[archive_file].clear();
  EXPECT_THAT(sentence(verify(tree), Rule::archive_cut_short), HasSubstr("empty"));
}

TEST(Smartos, SaysThatAnArchiveWithoutHashIsCutShort) {
  Tree tree = platform(root);
  tree.erase(hash_file);
  tree[archive_file].resize(32768);
  EXPECT_THAT(sentence(verify(tree), Rule::archive_cut_short), HasSubstr("32768 of the 65536 bytes"));
}

TEST(Smartos, OnlyWarnsOfAnOddSuperblockWhenTheHashIsRight) {
  std::string archive = make_archive(65536).substr(0, 32768);
  Verdict verdict = verify(platform(root, stamp, archive));
  EXPECT_FALSE(has_errors(verdict.findings));
  EXPECT_THAT(sentence(verdict, Rule::archive_superblock, Weight::warning), HasSubstr("its SHA-1 is right"));
}

TEST(Smartos, RefusesAWholeArchiveWithAnotherHash) {
  Tree tree = platform(root);
  std::string right = sha1(tree[archive_file]);
  tree[hash_file] = std::string(40, '0') + "\n";
  std::string said = sentence(verify(tree), Rule::hash_mismatch);
  EXPECT_THAT(said, HasSubstr(right));
  EXPECT_THAT(said, HasSubstr(std::string(40, '0')));
  EXPECT_THAT(said, HasSubstr(archive_file + ".hash"));
}

TEST(Smartos, RefusesAMalformedHash) {
  Tree tree = platform(root);
  std::string digits = sha1(tree[archive_file]);
  std::string capitals = digits;
  std::transform(digits.begin(), digits.end(), capitals.begin(), ::toupper);
  for (std::string bad :
       {std::string(), digits.substr(1), digits + "0", " " + digits, capitals, std::string("oops")}) {
    tree[hash_file] = bad;
    EXPECT_THAT(sentence(verify(tree), Rule::hash_malformed), HasSubstr("40 lower-case")) << bad;
  }
  tree[hash_file] = digits + " \r\n";
  EXPECT_FALSE(has_errors(verify(tree).findings));
}

TEST(Smartos, MakesAMissingHashAndSaysSo) {
  Tree tree = platform(root);
  tree.erase(hash_file);
  Verdict verdict = verify(tree);
  EXPECT_FALSE(has_errors(verdict.findings));
  EXPECT_THAT(sentence(verdict, Rule::hash_missing, Weight::warning), HasSubstr(hash_file));
  ASSERT_EQ(verdict.made.size(), 1u);
  EXPECT_EQ(verdict.made[0].stored_as, "platform/i86pc/amd64/boot_archive.hash");
  EXPECT_EQ(verdict.made[0].content, sha1(tree[archive_file]) + "\n");
}

TEST(Smartos, WarnsOfAnArchiveWithoutSuperblock) {
  Verdict verdict = verify(platform(root, stamp, std::string(4096, 'x')));
  EXPECT_FALSE(has_errors(verdict.findings));
  EXPECT_THAT(sentence(verdict, Rule::archive_no_superblock, Weight::warning), HasSubstr(archive_file));
}

TEST(Smartos, RefusesAStampThatContradictsTheName) {
  std::string said = sentence(verify(platform(root, "20250505T050505Z")), Rule::stamp_mismatch);
  EXPECT_THAT(said, HasSubstr("20250505T050505Z"));
  EXPECT_THAT(said, HasSubstr(stamp));
  EXPECT_THAT(said, HasSubstr(root + "/etc/version/platform"));
}

TEST(Smartos, RefusesAFileRenamedToAnotherStamp) {
  std::string said = sentence(verify(platform(root), "platform-20250505T050505Z.tgz"), Rule::stamp_mismatch);
  EXPECT_THAT(said, HasSubstr("platform-20250505T050505Z.tgz"));
}

TEST(Smartos, TakesTheStampFromWhateverSaysIt) {
  Tree iso = platform("platform");
  EXPECT_EQ(verify(iso, "latest.iso").version, stamp);
  iso.erase("platform/etc/version/platform");
  iso["etc/version/platform"] = stamp + "\n";
  EXPECT_EQ(verify(iso, "latest.iso").version, stamp);
  iso.erase("etc/version/platform");
  EXPECT_EQ(verify(iso, "smartos-" + stamp + ".iso").version, stamp);
  iso["platform/i86pc/amd64/boot_archive.gitstatus"] = "[{\"branch\":\"release-" + stamp + "\"}]";
  EXPECT_EQ(verify(iso, "latest.iso").version, stamp);
}

TEST(Smartos, RefusesAPlatformWithoutAnyStamp) {
  Tree iso = platform("platform", "unknown");
  std::string said = sentence(verify(iso, "latest.iso"), Rule::no_stamp);
  EXPECT_THAT(said, HasSubstr("name the file platform-STAMP.tgz"));
  EXPECT_EQ(verify(iso, "latest.iso").version, "");
}

TEST(Smartos, ReportsEveryErrorNotOnlyTheFirst) {
  Tree tree = platform(root, "20250505T050505Z");
  tree[unix_file] = "text";
  tree[hash_file] = std::string(40, '0');
  Verdict verdict = verify(tree);
  EXPECT_EQ(verdict.findings.size(), 3u);
}

}  // namespace slipway::image
