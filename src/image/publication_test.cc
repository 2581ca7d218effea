// SPDX-License-Identifier: MPL-2.0
#include "image/publication.h"

#include <gmock/gmock.h>

namespace slipway::image {
namespace {

using testing::ElementsAre;

const std::string older = "20231228T003556Z", newer = "20240102T030405Z";

TEST(Publication, NamesItsNewestInThePathOfLatest) {
  EXPECT_EQ(latest_stamp("/Joyent_Dev/public/SmartOS/" + newer + "\n"), newer);
  EXPECT_EQ(latest_stamp(newer), newer);
  EXPECT_EQ(latest_stamp("/SmartOS/" + newer + "/\r\n"), newer);
  for (const std::string& bad : {std::string(), "<html>" + newer, "/a/" + newer + "/b", "/a/x" + newer,
                                 std::string(5000, ' ') + newer})
    EXPECT_FALSE(latest_stamp(bad)) << bad;
}

TEST(Publication, ListsItsStampsNewestFirstWhateverTheFormOfTheListing) {
  std::string manta = R"({"name":")" + older + R"(","type":"directory","mtime":"2023-12-28T00:35:56.000Z"})" +
                      "\n" + R"({"name":")" + newer + R"(","type":"directory"})" + "\n" +
                      R"({"name":"latest"})";
  EXPECT_THAT(published_stamps(manta), ElementsAre(newer, older));
  std::string page =
      "<a href=\"" + older + "/\">" + older + "/</a>\n<a href=\"" + newer + "/\">" + newer + "/</a>";
  EXPECT_THAT(published_stamps(page), ElementsAre(newer, older));
  EXPECT_THAT(published_stamps("x" + newer + " " + older + "9"), ElementsAre());
}

TEST(Publication, NamesThePlatformsArchiveInItsSums) {
  auto sums_of = [](std::initializer_list<std::string> names) {
    std::string text;
    for (const std::string& name : names) text += std::string(32, 'a') + "  " + name + "\n";
    return parse_sums(text);
  };
  auto sums = sums_of(
      {"smartos-" + newer + ".iso", "platform-debug-" + newer + ".tgz", "platform-" + newer + ".tgz"});
  EXPECT_EQ(platform_archive(sums, newer)->name, "platform-" + newer + ".tgz");
  sums = sums_of({"platform-release-" + newer + ".tgz"});
  EXPECT_EQ(platform_archive(sums, newer)->name, "platform-release-" + newer + ".tgz");
  EXPECT_EQ(platform_archive(sums, older), nullptr);
  EXPECT_EQ(platform_archive(sums_of({"platform-" + newer + ".tar"}), newer), nullptr);
}

}  // namespace
}  // namespace slipway::image
