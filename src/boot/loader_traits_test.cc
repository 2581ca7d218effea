// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_traits.h"

#include <gtest/gtest.h>

#include "boot/test_loader.h"

namespace slipway::boot {
namespace {

using model::Arch;
using testing::efi_program;

std::optional<LoaderTraits> recognise(const std::string& file) {
  return recognise_loader(as_bytes(file));
}

TEST(LoaderTraits, AreReadOffAnIpxeForUefi) {
  auto traits = recognise(efi_program(0x8664, {"iPXE 1.0", "HTTP", "EFI", "Menu", "MBOOT2"}));
  ASSERT_TRUE(traits);
  EXPECT_EQ(traits->arch, Arch::uefi_x64);
  EXPECT_TRUE(traits->ipxe && traits->starts_multiboot_from_uefi());
  EXPECT_TRUE(traits->features.http && traits->features.menu && !traits->features.https);
  EXPECT_EQ(to_string(traits->features), "HTTP, multiboot2, EFI programs, menus");
}

TEST(LoaderTraits, DoNotTakePartOfAnotherTextForAFeature) {
  auto traits = recognise(efi_program(0x8664, {"iPXE", "HTTP", "no MBOOT2 here", "MBOOT2x"}));
  EXPECT_FALSE(traits->starts_multiboot_from_uefi());
  EXPECT_FALSE(traits->features.multiboot);
}

TEST(LoaderTraits, NameTheMachineAnEfiProgramIsFor) {
  EXPECT_EQ(recognise(efi_program(0xaa64, {}))->arch, Arch::uefi_arm64);
  EXPECT_EQ(recognise(efi_program(0x014c, {}))->arch, Arch::uefi_ia32);
  EXPECT_FALSE(recognise(efi_program(0x1234, {})));
  EXPECT_FALSE(recognise(efi_program(0x8664, {}))->ipxe);
}

TEST(LoaderTraits, OfABiosBuildSayWhatItIsAndNotWhatItCan) {
  auto traits = recognise(std::string("\xea\x05\x00\xc0\x07 and more", 14));
  ASSERT_TRUE(traits);
  EXPECT_EQ(traits->arch, Arch::bios);
  EXPECT_TRUE(traits->ipxe);
  EXPECT_EQ(to_string(traits->features), "not told");
}

TEST(LoaderTraits, AreNothingForWhatIsNoLoader) {
  for (const std::string& file :
       {std::string(), std::string("MZ"), std::string("#!/bin/sh\n"), std::string(5000, '\0')})
    EXPECT_FALSE(recognise(file));
  std::string far = efi_program(0x8664, {});
  far[0x3f] = '\x7f';  // the head is said to lie far behind the end
  EXPECT_FALSE(recognise(far));
}

}  // namespace
}  // namespace slipway::boot
