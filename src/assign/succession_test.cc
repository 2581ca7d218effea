// SPDX-License-Identifier: MPL-2.0
#include "assign/succession.h"

#include <gmock/gmock.h>

#include "assign/test_site.h"

namespace slipway::assign {
namespace {

using model::Assignee;
using testing::HasSubstr;
using Kind = Assignee::Kind;

const std::string old_name = "52:54:00:00:00:01";  // node1's MAC address, before it had that name

struct Site : TestSite {
  std::string assign(const Assignee& to, const std::string& version) {
    model::Assignment made{to,   model::ImageKind::smartos, image(version).id, version,
                           noon, state.next_entry()};
    apply(state, made);
    return version;
  }
  void follow() {
    for (const Change& change : succession(state, *plan)) apply(state, change);
    plan = plan->with_assignments(std::make_shared<const model::Assignments>(state.assignments));
  }
};

TEST(Succession, WhatAMacAddressHadGoesToTheNameItWasGiven) {
  Site site;
  site.assign({Kind::machine, old_name}, "1");
  model::BootOnce once;
  once.machine = old_name;
  once.number = 7;
  apply(site.state, once);
  MachineRecord record;
  record.machine = old_name;
  record.running = site.image("2").id;
  apply(site.state, record);
  site.follow();
  EXPECT_TRUE(stands_for(site.state, {Kind::machine, "node1"}));
  EXPECT_FALSE(stands_for(site.state, {Kind::machine, old_name}));
  ASSERT_TRUE(site.state.assignments.once("node1"));
  EXPECT_EQ(site.state.assignments.once("node1")->number, 7u);
  EXPECT_FALSE(site.state.assignments.once(old_name));
  ASSERT_TRUE(site.state.machine("node1"));
  EXPECT_EQ(site.state.machine("node1")->running, site.image("2").id);
  EXPECT_FALSE(site.state.machine(old_name));
  apply(site.state, OnceDone{"node1", 7});
  site.follow();
  EXPECT_EQ(site.boots("node1"), "1");
  EXPECT_TRUE(succession(site.state, *site.plan).empty()) << "once";
}

TEST(Succession, LeavesWhatTheNameHasAlready) {
  Site site;
  site.assign({Kind::machine, old_name}, "1");
  site.assign({Kind::machine, "node1"}, "2");
  site.follow();
  EXPECT_EQ(site.boots("node1"), "2");
  EXPECT_FALSE(stands_for(site.state, {Kind::machine, old_name}));
}

TEST(Succession, LeavesWhoHasNoName) {
  Site site;
  site.assign({Kind::machine, "52:54:00:00:00:99"}, "1");
  EXPECT_TRUE(succession(site.state, *site.plan).empty());
}

TEST(Succession, WarnsOfWhatIsAssignedToWhomTheFileDoesNotName) {
  Site site;
  for (const Assignee& to : {Assignee{Kind::machine, "node1"}, Assignee{Kind::machine, "52:54:00:00:00:99"},
                             Assignee{Kind::group, "rack"}, Assignee{Kind::everyone, ""}})
    site.assign(to, "1");
  EXPECT_TRUE(ownerless(site.state, *site.plan).empty());
  site.assign({Kind::group, "left"}, "1");
  site.assign({Kind::machine, "alpha"}, "2");
  Problems problems = ownerless(site.state, *site.plan);
  ASSERT_EQ(problems.size(), 2u);
  std::vector<std::string> told;
  for (const Problem& problem : problems) {
    EXPECT_EQ(problem.severity, Severity::warning);
    told.push_back(problem.to_string());
  }
  EXPECT_THAT(
      told,
      testing::UnorderedElementsAre(
          HasSubstr(
              "smartos@1 is assigned to group left, which the configuration does not name; `slipway image "
              "unassign --group left`"),
          HasSubstr("smartos@2 is assigned to machine alpha, which the configuration does not name; `slipway "
                    "machine forget alpha`")));
}

}  // namespace
}  // namespace slipway::assign
