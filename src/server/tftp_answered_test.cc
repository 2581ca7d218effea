// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_answered.h"

#include <gtest/gtest.h>

namespace slipway::server {
namespace {

const Endpoint client{{0x0a000001}, 2070};
const wire::TftpRequest probe{false, "loader", "octet", {{"tsize", "0"}}};
const wire::TftpRequest fetch{false, "loader", "octet", {{"blksize", "1456"}}};
const Instant began{std::chrono::seconds(1000)};

TEST(TftpAnswered, KnowsACopyByItsArrivalBeforeTheFirstAnswer) {
  TftpAnswered answered;
  answered.ended(client, probe, began);
  EXPECT_TRUE(answered.is_copy(client, probe, began - std::chrono::seconds(2)));
  EXPECT_FALSE(answered.is_copy(client, probe, began + std::chrono::microseconds(1))) << "it asks once more";
  EXPECT_FALSE(answered.is_copy(client, fetch, began - std::chrono::seconds(2))) << "the next thing it wants";
  EXPECT_FALSE(answered.is_copy({{0x0a000001}, 2071}, probe, began - std::chrono::seconds(2)));
}

TEST(TftpAnswered, RemembersTheLatestOfAClientAndNoMoreThanItsMost) {
  TftpAnswered answered;
  answered.ended(client, probe, began);
  answered.ended(client, fetch, began);
  EXPECT_FALSE(answered.is_copy(client, probe, began));
  for (std::uint32_t i = 0; i < TftpAnswered::most; ++i) answered.ended({{0x0b000000 + i}, 1}, probe, began);
  EXPECT_FALSE(answered.is_copy(client, fetch, began));
  EXPECT_TRUE(answered.is_copy({{0x0b000000}, 1}, probe, began));
}

}  // namespace
}  // namespace slipway::server
