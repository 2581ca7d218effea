// SPDX-License-Identifier: MPL-2.0
#include "api/image_name.h"

#include <gmock/gmock.h>

namespace slipway::api {
namespace {

using testing::HasSubstr;

model::Image image(const std::string& first_digits, const std::string& version, int imported) {
  model::Image made;
  made.id = first_digits + std::string(64 - first_digits.size(), '0');
  made.version = version;
  made.imported = Instant(std::chrono::seconds(imported));
  return made;
}

const std::vector<model::Image> images{image("aaaaaa1", "20230101T000000Z", 3),
                                       image("bbbbbb1", "20240102T030405Z", 1),
                                       image("bbbbbb2", "20240102T030405Z", 2)};

std::string refused(const std::string& named) {
  auto meant = image_meant(named, images);
  return meant ? "" : meant.error().sentence();
}

TEST(ImageName, IsAVersionAnIdOrTheLatest) {
  for (const char* named : {"smartos@20230101T000000Z", "20230101T000000Z", "aaaaaa", "aaaaaa10"})
    EXPECT_EQ(image_meant(named, images).value(), &images[0]) << named;
  for (const char* named : {"smartos@latest", "smartos", "bbbbbb2"})
    EXPECT_EQ(image_meant(named, images).value(), &images[2]) << named;
}

TEST(ImageName, ThatMeansTwoIsRefusedWithTheirIds) {
  for (const char* named : {"smartos@20240102T030405Z", "20240102T030405Z", "bbbbbb"}) {
    EXPECT_THAT(refused(named), HasSubstr("smartos@20240102T030405Z (bbbbbb100000), "
                                          "smartos@20240102T030405Z (bbbbbb200000)"))
        << named;
    EXPECT_THAT(refused(named), HasSubstr("give the id")) << named;
    EXPECT_EQ(images_meant(named, images)->size(), 2u) << named;
  }
}

TEST(ImageName, ThatIsTooShortSaysHowLongAnIdMustBe) {
  EXPECT_THAT(refused("aaaaa"), HasSubstr("at least its first 6 digits"));
}

TEST(ImageName, ThatMeansNothingPointsToTheList) {
  for (const char* named : {"", "nix", "cccccc", "linux@latest", "smartos@20200101T000000Z", "linux"})
    EXPECT_THAT(refused(named), HasSubstr("`slipway image list`")) << named;
}

}  // namespace
}  // namespace slipway::api
