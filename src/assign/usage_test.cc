// SPDX-License-Identifier: MPL-2.0
#include "assign/usage.h"

#include <gmock/gmock.h>

#include "assign/test_site.h"

namespace slipway::assign {
namespace {

using model::Assignee;
using Kind = Assignee::Kind;
using testing::ElementsAre;

std::vector<std::string> reasons(const TestSite& site, const std::string& version) {
  std::vector<std::string> said;
  Usage usage = usage_of(site.state, *site.plan);
  for (const Use& use : usage[site.image(version).id]) said.push_back(sentence(use));
  return said;
}

TEST(Usage, IsWhatIsBootedWillBeBootedOrWouldBeFallenBackTo) {
  TestSite site;
  const Assignee all{Kind::everyone, ""};
  EXPECT_THAT(reasons(site, "1"), ElementsAre("profile exact boots it"));
  EXPECT_THAT(reasons(site, "2"), ElementsAre());
  EXPECT_THAT(reasons(site, "3"), ElementsAre("profile smartos boots it"));
  settle_ok(assign_image(site.state, *site.plan, all, site.image("2"), noon), site);
  EXPECT_THAT(reasons(site, "2"), ElementsAre("it is assigned to everyone"));
  settle_ok(assign_image(site.state, *site.plan, all, site.image("3"), noon), site);
  EXPECT_THAT(reasons(site, "2"), ElementsAre("a rollback of everyone would bring it back"));
  settle_ok(assign_image(site.state, *site.plan, all, site.image("1"), noon), site);
  EXPECT_THAT(reasons(site, "2"), ElementsAre()) << "one step back is what is kept";

  settle_ok(order_once(site.state, *site.plan, {"node1", "", &site.image("2"), {}}, noon), site);
  MachineRecord record;
  record.machine = "node2";
  record.running = record.good = site.image("2").id;
  apply(site.state, record);
  apply(site.state, Pin{site.image("2").id});
  EXPECT_THAT(reasons(site, "2"), ElementsAre("machine node1 is to boot it once", "machine node2 runs it",
                                              "it is the last known good of machine node2", "it is pinned"));
}

TEST(Usage, LeavesTheNewestAlone) {
  TestSite site;
  auto names = [&] {
    std::vector<std::string> versions;
    for (auto* image : needless(usage_of(site.state, *site.plan), *site.plan))
      versions.push_back(image->version);
    return versions;
  };
  EXPECT_THAT(names(), ElementsAre("2"));
  Usage nothing;
  EXPECT_EQ(needless(nothing, *site.plan).size(), 2u);
}

}  // namespace
}  // namespace slipway::assign
