// SPDX-License-Identifier: MPL-2.0
#include "image/finding.h"

#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "base/test_golden.h"

namespace slipway::image {

TEST(Finding, EveryRuleHasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (Rule rule : all_rules()) {
    EXPECT_TRUE(id(rule).starts_with("image.")) << id(rule);
    EXPECT_EQ(id(rule).find_first_not_of("abcdefghijklmnopqrstuvwxyz.-"), std::string_view::npos) << id(rule);
    EXPECT_TRUE(ids.insert(id(rule)).second) << id(rule) << " is there twice";
  }
  EXPECT_EQ(id(Rule::hash_mismatch), "image.hash-mismatch");
}

TEST(Finding, EveryRuleHasItsRowInTheManualAndNoOtherIsThere) {
  std::string page = read_source_file("docs/reference/images.md");
  std::multiset<std::string> rows, rules;
  std::regex row("(?:^|\n)\\| `(image\\.[a-z-]+)` \\|");
  for (std::sregex_iterator found(page.begin(), page.end(), row), end; found != end; ++found)
    rows.insert((*found)[1]);
  for (Rule rule : all_rules()) rules.emplace(id(rule));
  EXPECT_EQ(rows, rules);
}

TEST(Refusal, GivesTheFirstErrorAsItsReason) {
  Refusal refusal(Findings{{Rule::hash_missing, Weight::warning, {"a warning", ""}},
                           {Rule::unix_missing, Weight::error, {"unix is missing", "get it"}},
                           {Rule::archive_missing, Weight::error, {"archive is missing", ""}}});
  EXPECT_EQ(refusal.id(), "image.unix-missing");
  EXPECT_EQ(refusal.sentence(), "unix is missing; get it");
}

}  // namespace slipway::image
