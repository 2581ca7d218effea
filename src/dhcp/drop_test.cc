// SPDX-License-Identifier: MPL-2.0
#include "dhcp/drop.h"

#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/test_golden.h"

namespace slipway::dhcp {
namespace {

TEST(Drop, HasAWordASentenceAndARemedyForEveryReason) {
  std::set<std::string_view> names, sentences;
  for (Drop why : all_drops()) {
    names.insert(to_string(why));
    sentences.insert(sentence(why));
    EXPECT_FALSE(remedy(why).empty()) << to_string(why);
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

TEST(Drop, IsThePageInTheManual) {
  std::string page =
      "# Packets that are not answered\n\n"
      "<!-- Made from src/dhcp/drop.cc by dhcp_test; UPDATE_GOLDEN=1 writes it anew. -->\n\n"
      "Every DHCP or BOOTP packet is answered, or becomes a lease first and is answered then, or is dropped "
      "for one of these reasons.\nThe reason is the label of the counter `slipway_dhcp_drops_total`, and it "
      "stands in the machine's events.\n\n| reason | what it means | what to do |\n|---|---|---|\n";
  for (Drop why : all_drops())
    page += fmt::format("| `{}` | {} | {} |\n", to_string(why), sentence(why), remedy(why));
  expect_file_says("docs/reference/drops.md", page);
}

}  // namespace
}  // namespace slipway::dhcp
