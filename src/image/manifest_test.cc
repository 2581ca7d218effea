// SPDX-License-Identifier: MPL-2.0
#include "image/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/digest.h"

namespace slipway::image {
namespace {

using ::testing::HasSubstr;

model::ImageFile file(const std::string& path, const std::string& content) {
  Digests digests = digests_of(as_bytes(content));
  return {path, content.size(), digests.sha256, digests.sha1};
}

model::Image an_image() {
  model::Image image;
  image.version = "20240102T030405Z";
  image.files = {file("platform/a", "one"), file("platform/b", "")};
  image.imported = from_unix_seconds(1704164645);
  image.id = image_id(image.files);
  return image;
}

std::string with(std::string_view from, std::string_view to) {
  std::string text = to_manifest(an_image());
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string refused(const std::string& text) {
  auto image = parse_manifest(text);
  return image ? "was accepted" : image.error().sentence();
}

}  // namespace

TEST(ImageId, IsTheDigestOfTheSortedLines) {
  std::vector<model::ImageFile> files{{"b", 2, std::string(64, '2'), ""}, {"a", 1, std::string(64, '1'), ""}};
  std::string lines = std::string(
                          "a\0"
                          "1\0",
                          4) +
                      std::string(64, '1') + "\n" +
                      std::string(
                          "b\0"
                          "2\0",
                          4) +
                      std::string(64, '2') + "\n";
  EXPECT_EQ(image_id(files), digests_of(as_bytes(lines)).sha256);
}

TEST(Manifest, ComesBackAsItWas) {
  model::Image image = an_image();
  auto parsed = parse_manifest(to_manifest(image));
  ASSERT_TRUE(parsed) << parsed.error().sentence();
  EXPECT_EQ(parsed->id, image.id);
  EXPECT_EQ(parsed->kind, image.kind);
  EXPECT_EQ(parsed->version, image.version);
  EXPECT_EQ(parsed->imported, image.imported);
  ASSERT_EQ(parsed->files.size(), 2u);
  EXPECT_EQ(parsed->files[0].path, "platform/a");
  EXPECT_EQ(parsed->files[0].size, 3u);
  EXPECT_EQ(parsed->files[0].sha1, image.files[0].sha1);
  EXPECT_EQ(parsed->files[0].sha256, image.files[0].sha256);
}

TEST(Manifest, IsVoidWhenItIsNotWhole) {
  std::string text = to_manifest(an_image());
  EXPECT_THAT(refused(text.substr(0, text.size() / 2)), HasSubstr("not JSON"));
  EXPECT_THAT(refused(""), HasSubstr("not JSON"));
  EXPECT_THAT(refused("[1]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(refused(std::string(100, '[')), HasSubstr("not JSON"));
}

TEST(Manifest, IsVoidWithAnUnsafePath) {
  EXPECT_THAT(refused(with("platform/b", "platform/../b")), HasSubstr("file 2 wrongly"));
  EXPECT_THAT(refused(with("platform/b", "/etc/passwd")), HasSubstr("file 2 wrongly"));
  EXPECT_THAT(refused(with("platform/b", "")), HasSubstr("file 2 wrongly"));
}

TEST(Manifest, IsVoidWhenItsIdDoesNotFollowFromItsFiles) {
  EXPECT_THAT(refused(with("\"size\":3", "\"size\":4")), HasSubstr("does not follow"));
  EXPECT_THAT(refused(with(an_image().id, std::string(64, '0'))), HasSubstr("does not follow"));
}

TEST(Manifest, IsVoidWithAFileTwice) {
  EXPECT_THAT(refused(with("platform/b", "platform/a")), HasSubstr("twice"));
}

TEST(Manifest, IsVoidWithWhatThisSlipwayDoesNotKnow) {
  EXPECT_THAT(refused(with("\"format\":1", "\"format\":2")), HasSubstr("another Slipway"));
  EXPECT_THAT(refused(with("smartos", "plan9")), HasSubstr("kind"));
  EXPECT_THAT(refused(with("20240102T030405Z", "../../etc")), HasSubstr("version"));
  EXPECT_THAT(refused(with("1704164645", "-1")), HasSubstr("lacks"));
  EXPECT_THAT(refused(with("1704164645", "9999999999999999")), HasSubstr("time"));
}

}  // namespace slipway::image
