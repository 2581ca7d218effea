// SPDX-License-Identifier: MPL-2.0
#include "boot/desired.h"

#include "boot/decide.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using namespace testing;
using model::Assignee;
using ::testing::HasSubstr;

const std::string old_id(64, 'b');

/// An older image beside the newest, and what was assigned.
std::shared_ptr<const model::Plan> with(model::Draft made, const model::Assignments& assigned) {
  auto plan = plan_of(std::move(made), {smartos_image("20230101T000000Z", old_id), smartos_image()});
  return plan->with_assignments(std::make_shared<const model::Assignments>(assigned));
}

model::Assignment assigned_to(std::string machine, std::string image = old_id) {
  model::Assignment made;
  made.to = {Assignee::Kind::machine, std::move(machine)};
  made.image = std::move(image);
  made.version = "20230101T000000Z";
  return made;
}

TEST(Desired, OfAMachineThatTheFileDoesNotNameMakesItOneOfOurs) {
  model::Draft strict = draft();
  strict.boot.unknown = model::UnknownPolicy::ignore;
  model::Assignments assigned;
  EXPECT_TRUE(std::holds_alternative<Silent>(decide(*with(strict, assigned), stranger())));
  assigned.put(assigned_to(stranger().mac.to_string()));
  auto plan = with(strict, assigned);
  Decision decision = decide(*plan, stranger());
  ASSERT_TRUE(std::holds_alternative<Boot>(decision));
  EXPECT_EQ(std::get<Boot>(decision).entries.front().image->id, old_id);
  model::Client third = stranger();
  third.mac.bytes[5] ^= 1;
  EXPECT_EQ(course_of(*plan, third), Course::silent) << "others stay unknown";
}

TEST(Desired, ThatIsNotInTheStoreIsRefusedByName) {
  model::Assignments assigned;
  assigned.put(assigned_to("node1", std::string(64, 'c')));
  Decision decision = decide(*with(draft(), assigned), bios_ipxe());
  ASSERT_TRUE(std::holds_alternative<Refusal>(decision));
  const Refusal& refusal = std::get<Refusal>(decision);
  EXPECT_EQ(refusal.why, Refusal::Why::image_missing);
  EXPECT_THAT(refusal.sentence, HasSubstr("machine node1 is to boot smartos@20230101T000000Z"));
}

TEST(Desired, ThatIsDamagedIsRefusedAsThat) {
  model::Assignments assigned;
  assigned.put(assigned_to("node1"));
  auto plan =
      with(draft(), assigned)->with_images({smartos_image()}, {smartos_image("20230101T000000Z", old_id)});
  Decision decision = decide(*plan, bios_ipxe());
  ASSERT_TRUE(std::holds_alternative<Refusal>(decision));
  const Refusal& refusal = std::get<Refusal>(decision);
  EXPECT_EQ(refusal.why, Refusal::Why::image_broken);
  EXPECT_EQ(refusal.sentence, "machine node1 is to boot smartos@20230101T000000Z, which is damaged");
}

TEST(BootOnce, IsOneEntryWithoutAMenuAndBearsItsNumber) {
  model::Draft made = draft();
  made.profiles[0].variants = {model::Variant::serial};
  model::Assignments assigned;
  model::BootOnce once;
  once.machine = "node1";
  once.number = 42;
  once.image = old_id;
  once.variant = model::Variant::rescue;
  assigned.put(once);
  auto plan = with(made, assigned);
  Decision decision = decide(*plan, bios_ipxe());
  ASSERT_TRUE(std::holds_alternative<Boot>(decision));
  const Boot& boot = std::get<Boot>(decision);
  ASSERT_EQ(boot.entries.size(), 1u);
  EXPECT_FALSE(boot.menu);
  EXPECT_EQ(boot.once, 42u);
  EXPECT_EQ(boot.entries[0].image->id, old_id);
  EXPECT_EQ(boot.entries[0].variant, model::Variant::rescue);
  Decision of_another = decide(*plan, stranger());
  ASSERT_TRUE(std::holds_alternative<Boot>(of_another));
  EXPECT_EQ(std::get<Boot>(of_another).once, 0u);
}

TEST(BootOnce, IsLeftAloneForWhoeverAsksInTheMachinesPlace) {
  model::Assignments assigned;
  model::BootOnce once;
  once.machine = "node1";
  once.number = 42;
  once.image = old_id;
  assigned.put(once);
  auto plan = with(draft(), assigned);
  EXPECT_EQ(order_for(*plan, bios_ipxe())->number, 42u);
  EXPECT_FALSE(order_for(*plan, stranger()));
  Decision decision = decide(*plan, bios_ipxe(), Orders::left_alone);
  EXPECT_EQ(std::get<Boot>(decision).once, 0u);
  EXPECT_NE(std::get<Boot>(decision).entries.front().image->id, old_id);
}

TEST(BootOnce, OfAProfileThatWentSaysHowToTakeItBack) {
  model::Assignments assigned;
  model::BootOnce once;
  once.machine = "node1";
  once.profile = "gone";
  assigned.put(once);
  Decision decision = decide(*with(draft(), assigned), bios_ipxe());
  ASSERT_TRUE(std::holds_alternative<Refusal>(decision));
  EXPECT_THAT(std::get<Refusal>(decision).remedy, HasSubstr("slipway boot once node1 --cancel"));
}

}  // namespace
}  // namespace slipway::boot
