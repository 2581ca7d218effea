// SPDX-License-Identifier: MPL-2.0
#include "boot/budget.h"

#include <gmock/gmock.h>

#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

const Base base{*Ipv4::parse("10.99.99.250"), 80, 69};

class Budget : public ::testing::Test {
 protected:
  Budget() {
    entry_.image = &image_;
    entry_.kernel = "platform/i86pc/kernel/amd64/unix";
    entry_.modules = {{Module::Type::rootfs, "ramdisk", "platform/i86pc/amd64/boot_archive", {}},
                      {Module::Type::hash, "ramdisk", "platform/i86pc/amd64/boot_archive.hash", {}}};
    entry_.args.properties = {{"smartos", "true", {}}};
  }

  void add(std::string name, std::string value) {
    entry_.args.properties = model::merged(entry_.args.properties, {{std::move(name), std::move(value), {}}});
  }
  void serial_rescue() {
    add("smartos", "false");
    add("console", "ttyb");
    add("ttyb-mode", "115200,8,n,1,-");
    add("noimport", "true");
  }
  void networking() {
    entry_.modules.push_back(
        {Module::Type::file, "networking.json", "networking.json", Module::Origin::machine});
    entry_.modules.push_back(
        {Module::Type::hash, "networking.json", "networking.json.hash", Module::Origin::machine});
  }
  std::size_t bytes(NameForm form = NameForm::readable) {
    return bytes_needed(handovers(entry_, base, testing::mac(), {form, false}));
  }

  model::Image image_ = testing::smartos_image();
  Entry entry_;
};

}  // namespace

TEST_F(Budget, OfThePlainEntryIs290Bytes) {
  EXPECT_EQ(bytes(), 290u);
}

TEST_F(Budget, OfASerialRescueIs345Bytes) {
  serial_rescue();
  EXPECT_EQ(bytes(), 345u);
}

TEST_F(Budget, OfASerialRescueWithAPasswordIs415Bytes) {
  serial_rescue();
  add("root_shadow", testing::wiki_hash);
  EXPECT_EQ(bytes(), 415u);
}

TEST_F(Budget, OfASerialRescueWithNetworkingIs524BytesAndOver) {
  serial_rescue();
  networking();
  EXPECT_EQ(bytes(), 524u);
  Fit fitted = fit(entry_, base, testing::mac(), Limits{});
  EXPECT_EQ(fitted.wording.form, NameForm::brief) << "the brief names save the day";
  EXPECT_EQ(fitted.bytes, 524u - 3 * 5);
  EXPECT_TRUE(fitted.fits);
}

TEST_F(Budget, KeepsReadableNamesWhenTheyFit) {
  Fit fitted = fit(entry_, base, testing::mac(), Limits{});
  EXPECT_EQ(fitted.wording.form, NameForm::readable);
  EXPECT_TRUE(fitted.fits);
}

TEST_F(Budget, PutsHashesIntoTheLinesWhereBriefNamesAloneDoNotFit) {
  serial_rescue();
  networking();
  entry_.modules.back().content = std::make_shared<const std::string>(std::string(40, 'a'));
  add("root_shadow", testing::wiki_hash);
  Fit fitted = fit(entry_, base, testing::mac(), Limits{});
  EXPECT_TRUE(fitted.wording.hashes_in_lines);
  EXPECT_EQ(fitted.modules, 2u);
  EXPECT_TRUE(fitted.fits);
  auto lines = handovers(entry_, base, testing::mac(), fitted.wording);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].arguments, "type=rootfs name=ramdisk hash=" + std::string(40, '0'))
      << "of the image's archive";
  EXPECT_EQ(lines[2].arguments, "type=file name=networking.json hash=" + std::string(40, 'a'));
}

TEST_F(Budget, IsOverWhenNotEvenTheBriefestWordingFits) {
  serial_rescue();
  networking();
  add("root_shadow", testing::wiki_hash);
  add("more", std::string(100, 'x'));
  EXPECT_FALSE(fit(entry_, base, testing::mac(), Limits{}).fits);
  EXPECT_TRUE(fit(entry_, base, testing::mac(), Limits{4096, 16, true, true}).fits)
      << "a capable iPXE takes it";
}

TEST_F(Budget, IsOverWithMoreModulesThanAnIpxeCarries) {
  Limits small{4096, 2, true, true};
  EXPECT_FALSE(fit(entry_, base, testing::mac(), small).wording.hashes_in_lines);
  networking();
  EXPECT_TRUE(fit(entry_, base, testing::mac(), small).fits) << "hashes are no modules then";
  networking();
  EXPECT_FALSE(fit(entry_, base, testing::mac(), small).fits);
}

TEST_F(Budget, HasItsEdgeAtTheLastByte) {
  std::size_t left = 512 - bytes() - std::string_view(",pad=").size();
  add("pad", std::string(left, 'x'));
  ASSERT_EQ(bytes(), 512u);
  EXPECT_EQ(fit(entry_, base, testing::mac(), Limits{}).wording.form, NameForm::readable);
  add("pad", std::string(left + 1, 'x'));
  EXPECT_EQ(fit(entry_, base, testing::mac(), Limits{}).wording.form, NameForm::brief);
  add("pad", std::string(left + 16, 'x'));
  Fit fitted = fit(entry_, base, testing::mac(), Limits{});
  EXPECT_TRUE(fitted.fits && fitted.wording.hashes_in_lines);
  add("pad", std::string(left + 16 + 512 - fitted.bytes, 'x'));
  EXPECT_TRUE(fit(entry_, base, testing::mac(), Limits{}).fits);
  add("pad", std::string(left + 16 + 513 - fitted.bytes, 'x'));
  EXPECT_FALSE(fit(entry_, base, testing::mac(), Limits{}).fits);
}

}  // namespace slipway::boot
