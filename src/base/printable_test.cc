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

TEST(WithoutControls, LeavesAllButThemAlone) {
  EXPECT_EQ(without_controls("a\\b \xc3\xa9 \"x\""), "a\\b \xc3\xa9 \"x\"");
  EXPECT_EQ(without_controls("\x1b]0;x\x07 \xc2\x9b"), "\\x1b]0;x\\x07 \\xc2\x9b");
}

}  // namespace slipway
