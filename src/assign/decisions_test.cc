// SPDX-License-Identifier: MPL-2.0
#include "assign/decisions.h"

#include <gmock/gmock.h>

#include "assign/test_site.h"
#include "assign/trial.h"
#include "boot/desired.h"

namespace slipway::assign {
namespace {

using model::Assignee;
using model::ImageKind;
using testing::HasSubstr;
using Kind = Assignee::Kind;

struct Site : TestSite {
  std::string assign(const Assignee& to, const std::string& version) {
    return settle(assign_image(state, *plan, to, image(version), noon));
  }
  std::string back(const Assignee& to) { return settle(roll_back(state, *plan, to, std::nullopt, noon)); }
};

TEST(Decisions, AMachinesOwnComesBeforeItsGroupsAndEveryones) {
  Site site;
  EXPECT_EQ(site.boots("node1"), "3") << "the file: the latest";
  site.assign({Kind::everyone, ""}, "1");
  EXPECT_EQ(site.boots("node1"), "1");
  EXPECT_EQ(site.boots("52:54:00:00:00:99"), "1") << "everyone is also whom nobody named";
  site.assign({Kind::group, "rack"}, "2");
  EXPECT_EQ(site.boots("node1"), "2");
  EXPECT_EQ(site.boots("node2"), "1") << "not in the group";
  site.assign({Kind::machine, "node1"}, "3");
  EXPECT_EQ(site.boots("node1"), "3");
  settle_ok(take_back(site.state, {Kind::machine, "node1"}, std::nullopt, noon), site);
  EXPECT_EQ(site.boots("node1"), "2");
}

TEST(Decisions, RollBackGoesOneFurtherEachTimeAndThenToTheFile) {
  Site site;
  const Assignee all{Kind::everyone, ""};
  for (const char* version : {"1", "2", "1"}) site.assign(all, version);
  EXPECT_THAT(site.back(all), HasSubstr("everyone boots smartos@2 again"));
  EXPECT_EQ(site.boots("node1"), "2");
  site.back(all);
  EXPECT_EQ(site.boots("node1"), "1");
  EXPECT_THAT(site.back(all), HasSubstr("what the file says"));
  EXPECT_EQ(site.boots("node1"), "3");
  EXPECT_THAT(site.back(all), HasSubstr("nothing is assigned to everyone"));
  EXPECT_EQ(site.state.history.size(), 6u);
}

TEST(Decisions, RollBackSaysWhereItWouldUndoNothing) {
  Site site;
  site.assign({Kind::machine, "node1"}, "3");
  EXPECT_THAT(site.back({Kind::machine, "node1"}), HasSubstr("the file's smartos@latest is the same"));
  EXPECT_EQ(site.boots("node1"), "3");
}

TEST(Decisions, RollBackToAnImageThatWentIsRefused) {
  Site site;
  const Assignee all{Kind::everyone, ""};
  site.assign(all, "1");
  site.assign(all, "2");
  site.take_image("1");
  EXPECT_THAT(site.back(all), HasSubstr("smartos@1, which everyone had before, is not in the store"));
  EXPECT_EQ(site.boots("node1"), "2");
}

TEST(Decisions, TheFileHasTheLastWord) {
  Site site;
  EXPECT_THAT(site.assign({Kind::machine, "fixed"}, "2"), HasSubstr("what the file says is not changed"));
  site.assign({Kind::everyone, ""}, "2");
  EXPECT_EQ(site.boots("fixed"), "1");
}

TEST(Decisions, AnImageOfAnotherKindThanTheProfileReachesNobody) {
  Site site;
  model::Image other = site.image("3");
  other.kind = ImageKind::iso;
  auto refused = assign_image(site.state, *site.plan, {Kind::machine, "node1"}, other, noon);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("which is for smartos, not for iso"));
}

TEST(Decisions, ANameThatIsNotThereIsAnsweredWithTheNearest) {
  Site site;
  EXPECT_EQ(assignee_of(*site.plan, Kind::machine, "nod1").error().remedy, "did you mean node1?");
  EXPECT_EQ(assignee_of(*site.plan, Kind::group, "rak").error().remedy, "did you mean rack?");
  EXPECT_EQ(assignee_of(*site.plan, Kind::machine, "52-54-00-00-00-99").value().name, "52:54:00:00:00:99")
      << "a machine may be given an image before it is seen";
}

TEST(Decisions, OnceIsForTheNextBootAloneAndOfItsNumber) {
  Site site;
  OnceOrder order{"node1", "", &site.image("2"), model::Variant::normal};
  settle_ok(order_once(site.state, *site.plan, order, noon), site);
  EXPECT_EQ(site.boots("node1"), "2");
  auto number = site.state.assignments.once("node1")->number;
  settle_ok(order_once(site.state, *site.plan, order, noon), site);
  apply(site.state, OnceDone{"node1", number});
  EXPECT_TRUE(site.state.assignments.once("node1")) << "the newer order stays";
  settle_ok(cancel_once(site.state, "node1"), site);
  EXPECT_EQ(site.boots("node1"), "3");
}

TEST(Trial, StopsOnlyForThoseWhoBootWhatIsAssigned) {
  Site site;
  auto trial = [&](const Assignee& to) {
    return try_out(*site.plan, to, ImageKind::smartos, [](auto*) { return boot::Base{}; });
  };
  site.assign({Kind::machine, "node1"}, "1");
  EXPECT_TRUE(trial({Kind::machine, "node1"}).errors.empty());
  site.assign({Kind::machine, "bad"}, "1");
  EXPECT_THAT(trial({Kind::machine, "bad"}).errors, testing::Not(testing::IsEmpty()));
  EXPECT_TRUE(trial({Kind::machine, "node1"}).errors.empty()) << "another's fault is another's";
}

}  // namespace
}  // namespace slipway::assign
