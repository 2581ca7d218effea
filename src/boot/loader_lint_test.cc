// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_lint.h"

#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::context;
using testing::draft;
using testing::plan_of;

bool found(const Findings& findings, Rule rule) {
  return std::any_of(findings.begin(), findings.end(), [&](auto& finding) { return finding.rule == rule; });
}

constexpr Language all[] = {Language::ipxe, Language::pxelinux, Language::grub, Language::menu_lst,
                            Language::illumos};

TEST(LoaderLint, HasANameForEveryLanguage) {
  for (Language language : all) EXPECT_EQ(language_named(to_string(language)), language);
  EXPECT_FALSE(language_named("lilo"));
}

TEST(LoaderLint, SaysTheSameOfArgumentsForEveryLoader) {
  model::Draft made = draft();
  made.profiles[0].properties.push_back({"destroy_zpools", "true", {}});
  made.profiles[0].confirmed = {"destroy_zpools"};
  auto plan = plan_of(made);
  Decision decision = decide(*plan, testing::bios_ipxe());
  for (Language language : all)
    EXPECT_TRUE(found(lint(language, decision, context()), Rule::destroy_zpools)) << to_string(language);
}

TEST(LoaderLint, CountsIpxesBytesForIpxeAlone) {
  model::Draft made = draft();
  made.profiles[0].properties.push_back({"note", std::string(400, 'x'), {}});
  auto plan = plan_of(made);
  Decision decision = decide(*plan, testing::bios_ipxe());
  for (Language language : all)
    EXPECT_EQ(found(lint(language, decision, context()), Rule::budget), language == Language::ipxe);
}

TEST(LoaderLint, FindsPxelinuxsLimitsInADecision) {
  auto broken = [](std::string value, Rule rule) {
    model::Draft made = draft();
    made.profiles[0].properties.push_back({"note", std::move(value), {}});
    auto plan = plan_of(made);
    return found(lint(Language::pxelinux, decide(*plan, testing::bios_ipxe()), context()), rule);
  };
  EXPECT_TRUE(broken(std::string(2000, 'x'), Rule::pxelinux_line_length));
  EXPECT_FALSE(broken(std::string(1000, 'x'), Rule::pxelinux_line_length));
  EXPECT_TRUE(broken("a --- b", Rule::pxelinux_separator));
  EXPECT_FALSE(broken("a --b", Rule::pxelinux_separator));
}

TEST(LoaderLint, KnowsWhichLoaderStartsWhichKind) {
  model::Draft made = draft();
  made.profiles[0].image = {model::ImageKind::iso, "latest"};
  model::Image image;
  image.id = std::string(64, 'c');
  image.kind = model::ImageKind::iso;
  image.version = "disk";
  image.files = {{"disk.iso", 1, std::string(64, '0'), std::string(40, '0')}};
  image.parts = {{model::BootPart::Use::disk, "disk.iso", ""}};
  auto plan = plan_of(made, {image});
  Decision iso = decide(*plan, testing::bios_ipxe());
  auto smartos_plan = plan_of(draft());
  Decision smartos = decide(*smartos_plan, testing::bios_ipxe());
  for (Language language : {Language::pxelinux, Language::menu_lst}) {
    EXPECT_TRUE(found(lint(language, iso, context()), Rule::loader_kind)) << to_string(language);
    EXPECT_FALSE(found(lint(language, smartos, context()), Rule::loader_kind)) << to_string(language);
  }
  EXPECT_FALSE(has_errors(lint(Language::ipxe, iso, context())));
}

TEST(LoaderLint, TellsTheLanguageByTheFileThatAGroupHandsOut) {
  model::Draft made = draft();
  model::Group group;
  group.name = "rack";
  group.machines = {"node1"};
  made.groups = {group};
  auto language_with = [&](std::string file) {
    made.groups[0].boot_file = std::move(file);
    auto plan = plan_of(made);
    return language_of(*plan, &plan->machines()[0]);
  };
  EXPECT_EQ(language_with(""), Language::ipxe);
  EXPECT_EQ(language_with("undionly.kpxe"), Language::ipxe);
  EXPECT_EQ(language_with("pxelinux.0"), Language::pxelinux);
  EXPECT_EQ(language_with("/lpxelinux.0"), Language::pxelinux);
  EXPECT_EQ(language_with("grub/core.0"), Language::grub);
  EXPECT_EQ(language_with("pxegrub"), Language::menu_lst);
  EXPECT_EQ(language_with("pxeboot"), Language::illumos);
  EXPECT_EQ(language_with("loader64.efi"), Language::illumos);
}

}  // namespace
}  // namespace slipway::boot
