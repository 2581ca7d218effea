// SPDX-License-Identifier: MPL-2.0
#include "config/reference.h"

#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/test_golden.h"
#include "config/config.h"
#include "config/settings.h"
#include "wire/dhcp_options.h"

namespace slipway::config {
namespace {

/// The example with every setting that is commented out put in: "#key = 1" and "#[head]", but no "# words".
std::string with_all_settings(const std::string& example) {
  std::istringstream lines(example);
  std::string line, made;
  while (std::getline(lines, line)) {
    bool is_setting = line.starts_with('#') && line.size() > 1 && line[1] != ' ';
    made += (is_setting ? line.substr(1) : line) + "\n";
  }
  return made;
}

void expect_in_order(const std::string& text) {
  auto plan = load_text(text, "slipway.toml", {});
  if (plan) return;
  for (const Problem& problem : plan.error().problems) ADD_FAILURE() << problem.to_string();
}

TEST(Reference, IsThePageInTheManual) {
  expect_file_says("docs/reference/configuration.md", reference_markdown());
}

TEST(Reference, IsTheManualPage) {
  expect_file_says("packaging/man/slipway.toml.5", reference_man_page());
}

TEST(Reference, HasAnExampleOfEveryTypeThatAnOptionMayHave) {
  auto names = wire::option_type_names();
  ASSERT_EQ(option_types().size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(option_types()[i].type, names[i]);
    expect_in_order(
        fmt::format("interface = \"e\"\nnetwork = \"10.0.0.0/24\"\noptions = {{ 224 = {{ type = "
                    "\"{}\", value = {} }} }}\n",
                    names[i], option_types()[i].example));
  }
}

TEST(Example, IsInOrderAsItIsAndWithEverySettingPutIn) {
  std::string example = read_source_file("packaging/slipway.toml");
  expect_in_order(example);
  expect_in_order(with_all_settings(example));
}

TEST(Example, ShowsEverySettingThereIs) {
  std::string all = with_all_settings(read_source_file("packaging/slipway.toml"));
  for (const SectionDoc& section : settings_reference()) {
    for (const SettingDoc& setting : section.settings) {
      std::string name(setting.name);
      std::regex as_key_or_table("(^|[\n{ ])" + name + " *=|\\." + name + "\\]");
      EXPECT_TRUE(std::regex_search(all, as_key_or_table)) << section.head << " " << name;
    }
  }
}

}  // namespace
}  // namespace slipway::config
