// SPDX-License-Identifier: MPL-2.0
#include "base/printable.h"

#include <gtest/gtest.h>

namespace slipway {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("PXEClient:Arch:00000 ~"), "PXEClient:Arch:00000 ~");
}

TEST(Printable, LetsNoControlCharacterThrough) {
  EXPECT_EQ(printable(std::string_view("\x1b[2J\n\0\xff\\", 8)), "\\x1b[2J\\x0a\\x00\\xff\\\\");
}

}  // namespace slipway
