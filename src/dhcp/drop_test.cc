// SPDX-License-Identifier: MPL-2.0
#include "dhcp/drop.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace slipway::dhcp {
namespace {

TEST(Drop, HasAWordAndASentenceOfItsOwnForEveryReason) {
  std::set<std::string_view> names, sentences;
  for (Drop why : all_drops()) {
    names.insert(to_string(why));
    sentences.insert(sentence(why));
    EXPECT_EQ(to_string(why).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
  }
  EXPECT_EQ(names.size(), drop_count);
  EXPECT_EQ(sentences.size(), drop_count);
}

TEST(Drop, KeepsItsTableInTheOrderOfTheEnum) {
  EXPECT_EQ(to_string(Drop::too_short), "too_short");
  EXPECT_EQ(to_string(Drop::reply_packet), "reply_packet");
  EXPECT_EQ(to_string(Drop::no_subnet), "no_subnet");
  EXPECT_EQ(to_string(Drop::no_pool), "no_pool");
  EXPECT_EQ(to_string(Drop::no_boot_file), "no_boot_file");
  EXPECT_EQ(to_string(Drop::store_failed), "store_failed");
}

TEST(Drop, NamesAParseErrorAsTheParserDoes) {
  using wire::DhcpError;
  for (DhcpError error : {DhcpError::too_short, DhcpError::too_long, DhcpError::bad_op, DhcpError::bad_hlen,
                          DhcpError::wrong_cookie, DhcpError::option_past_end, DhcpError::bad_overload}) {
    EXPECT_EQ(to_string(drop_of(error)), wire::to_string(error));
  }
}

}  // namespace
}  // namespace slipway::dhcp
