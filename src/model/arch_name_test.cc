// SPDX-License-Identifier: MPL-2.0
#include "model/arch_name.h"

#include <gtest/gtest.h>

namespace slipway::model {
namespace {

TEST(ArchNamed, KnowsNamesAndNumbers) {
  EXPECT_EQ(arch_named("bios"), Arch::bios);
  EXPECT_EQ(arch_named("uefi"), Arch::uefi_x64);
  EXPECT_EQ(arch_named("11"), Arch::uefi_arm64);
  EXPECT_EQ(arch_named("999"), static_cast<Arch>(999));
}

TEST(ArchNamed, GuessesNothing) {
  for (const char* text : {"", "sparc", "7x", "-1", "65536"})
    EXPECT_EQ(arch_named(text), std::nullopt) << text;
}

}  // namespace
}  // namespace slipway::model
