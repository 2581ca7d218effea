// SPDX-License-Identifier: MPL-2.0
#include "model/pattern.h"

#include <gtest/gtest.h>

namespace slipway::model {
namespace {

bool fits(std::string_view value, std::string_view pattern) {
  return Pattern::parse(pattern).value().fits(value);
}

TEST(Pattern, StandsForAnyTextWhereThereIsAStar) {
  EXPECT_TRUE(fits("PXEClient:Arch:00000", "PXEClient*"));
  EXPECT_TRUE(fits("PXEClient", "PXEClient*"));
  EXPECT_TRUE(fits("abcabd", "*ab*d"));
  EXPECT_TRUE(fits("", "*"));
  EXPECT_FALSE(fits("PXEClient:Arch", "PXEClient"));
  EXPECT_FALSE(fits("abc", "*b"));
  EXPECT_FALSE(fits("", "a"));
}

TEST(Pattern, IsDoneSoonWithThePatternThatWouldTakeForEver) {
  std::string text(5000, 'a'), pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(fits(text, pattern + "*b"));
}

TEST(Pattern, IsOverBytesAfterHex) {
  EXPECT_TRUE(fits(std::string_view("\x01\x0c\xc4", 3), "hex:01:0c*"));
  EXPECT_TRUE(fits(std::string_view("\x01\x0c\xc4", 3), "hex:*c4"));
  EXPECT_FALSE(fits(std::string_view("\x01\x0c\xc4", 3), "hex:01:0c"));
  EXPECT_FALSE(Pattern::parse("hex:0"));
  EXPECT_FALSE(Pattern::parse("hex:0*0"));
  EXPECT_FALSE(Pattern::parse("hex:zz"));
}

TEST(Pattern, DoesNotUseAByteTwice) {
  EXPECT_FALSE(fits("aba", "ab*ba"));
  EXPECT_TRUE(fits("abba", "ab*ba"));
  EXPECT_FALSE(fits("ab", "*ab*b*"));
}

}  // namespace
}  // namespace slipway::model
