// SPDX-License-Identifier: MPL-2.0
#include "api/rfc3339.h"

#include <gtest/gtest.h>

namespace slipway::api {
namespace {

TEST(Rfc3339, WritesUtcWithMicroseconds) {
  EXPECT_EQ(rfc3339(from_unix_seconds(1704164645) + std::chrono::microseconds(678901)),
            "2024-01-02T03:04:05.678901Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  for (std::int64_t seconds : {0L, 1L, 951782399L, 1709164800L, 253402300799L}) {
    Instant at = from_unix_seconds(seconds) + std::chrono::microseconds(7);
    EXPECT_EQ(parse_rfc3339(rfc3339(at)), at) << rfc3339(at);
  }
}

TEST(Rfc3339, ReadsShorterAndLongerFractions) {
  Instant second = from_unix_seconds(1704164645);
  EXPECT_EQ(parse_rfc3339("2024-01-02T03:04:05Z"), second);
  EXPECT_EQ(parse_rfc3339("2024-01-02T03:04:05.5Z"), second + std::chrono::milliseconds(500));
  EXPECT_EQ(parse_rfc3339("2024-01-02T03:04:05.000001999Z"), second + std::chrono::microseconds(1));
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "Z", "2024-01-02", "2024-01-02T03:04:05", "2024-13-02T03:04:05Z", "2024-02-30T03:04:05Z",
        "2024-01-02T24:04:05Z", "2024-01-02 03:04:05Z", "2024-01-02T03:04:05.Z", "2024-01-02T03:04:05.1x2Z",
        "2024-01-02T03:04:05.1234567890Z", "2O24-01-02T03:04:05Z", "2024-01-02T03:+4:05Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace slipway::api
