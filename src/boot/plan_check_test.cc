// SPDX-License-Identifier: MPL-2.0
#include "boot/plan_check.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using ::testing::HasSubstr;

Problems checked(const model::Draft& made, const Loaders& here = {}) {
  return check_plan(*testing::plan_of(made), here, [](const model::Client& client) {
    ScriptContext context;
    context.base.address = *Ipv4::parse("10.99.99.1");
    context.mac = client.mac;
    context.machine = client.mac.to_string();
    return context;
  });
}

const Problem* about(const Problems& problems, std::string_view id) {
  auto found = std::find_if(problems.begin(), problems.end(),
                            [&](const Problem& each) { return each.what.find(id) != std::string::npos; });
  return found == problems.end() ? nullptr : &*found;
}

model::Draft too_long_for_stock_ipxe() {
  model::Draft made = testing::draft();
  made.profiles[0].properties.push_back({"long", std::string(500, 'x'), {}});
  return made;
}

/// Some machines get pxelinux.0, by what they say of themselves.
void hand_out_pxelinux(model::Draft& made) {
  model::BootClass pxelinux;
  pxelinux.name = "old";
  pxelinux.when.emplace();
  pxelinux.boot_file = "pxelinux.0";
  made.classes.push_back(pxelinux);
}

}  // namespace

TEST(PlanCheck, FindsNothingInAPlanThatBoots) {
  EXPECT_FALSE(has_errors(checked(testing::draft())));
}

TEST(PlanCheck, RefusesWhatTheOnlyLoaderCannotCarry) {
  const Problems problems = checked(too_long_for_stock_ipxe());
  const Problem* budget = about(problems, "(budget)");
  ASSERT_TRUE(budget);
  EXPECT_EQ(budget->severity, Severity::error);
}

TEST(PlanCheck, OnlyWarnsWhereAnotherLoaderMayCarryIt) {
  model::Draft made = too_long_for_stock_ipxe();
  hand_out_pxelinux(made);
  const Problems problems = checked(made);
  const Problem* budget = about(problems, "(budget)");
  ASSERT_TRUE(budget);
  EXPECT_EQ(budget->severity, Severity::warning);
}

TEST(PlanCheck, LooksAtTheLoadersThatClassesHandOut) {
  model::Draft made = testing::draft();
  made.profiles[0].properties.push_back({"w", "a --- b", {}});
  EXPECT_FALSE(about(checked(made), "(pxelinux-separator)"));
  hand_out_pxelinux(made);
  const Problems problems = checked(made);
  const Problem* separator = about(problems, "(pxelinux-separator)");
  ASSERT_TRUE(separator);
  EXPECT_THAT(separator->what, HasSubstr("where class 'old' gives it pxelinux.0"));
}

}  // namespace slipway::boot
