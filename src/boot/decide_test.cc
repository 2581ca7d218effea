// SPDX-License-Identifier: MPL-2.0
#include "boot/decide.h"

#include <gmock/gmock.h>

#include "boot/lint.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::Arch;
using model::UnknownPolicy;
using model::Variant;
using testing::bios_ipxe;
using testing::draft;
using ::testing::HasSubstr;
using testing::plan_of;
using testing::stranger;
using testing::uefi_ipxe;
using Why = Refusal::Why;

Boot boot(const model::Draft& made, const model::Client& client = bios_ipxe()) {
  Decision decision = decide(*plan_of(made), client);
  EXPECT_TRUE(std::holds_alternative<Boot>(decision));
  // The entries point into a plan that is gone: only their values are looked at.
  return std::holds_alternative<Boot>(decision) ? std::get<Boot>(decision) : Boot{};
}

Refusal refusal(const model::Plan& plan, const model::Client& client = bios_ipxe()) {
  Decision decision = decide(plan, client);
  EXPECT_TRUE(std::holds_alternative<Refusal>(decision));
  return std::holds_alternative<Refusal>(decision) ? std::get<Refusal>(decision) : Refusal{};
}

}  // namespace

TEST(Decide, BootsTheKernelWithItsArchiveAndHash) {
  auto plan = plan_of(draft());
  auto decision = std::get<Boot>(decide(*plan, bios_ipxe()));
  ASSERT_EQ(decision.entries.size(), 1u);
  const Entry& entry = decision.entries[0];
  EXPECT_EQ(entry.label, "smartos-normal");
  EXPECT_EQ(entry.image, &plan->images()[0]);
  EXPECT_EQ(entry.kernel, "platform/i86pc/kernel/amd64/unix");
  ASSERT_EQ(entry.modules.size(), 2u);
  EXPECT_EQ(entry.modules[0].type, Module::Type::rootfs);
  EXPECT_EQ(entry.modules[0].name, "ramdisk");
  EXPECT_EQ(entry.modules[1].type, Module::Type::hash);
  EXPECT_EQ(entry.modules[1].file, "platform/i86pc/amd64/boot_archive.hash");
  EXPECT_FALSE(decision.menu);
}

TEST(Decide, LeavesTheHashOutWhenTheImageHasNone) {
  model::Image image = testing::smartos_image();
  image.files.erase(image.files.begin() + 1);
  auto plan = plan_of(draft(), {image});
  EXPECT_EQ(std::get<Boot>(decide(*plan, bios_ipxe())).entries[0].modules.size(), 1u);
}

TEST(Decide, GivesAMachineItsOwnProfileAndOverrides) {
  model::Draft made = draft();
  made.profiles.push_back(testing::profile("other"));
  made.machines[0].profile = "other";
  made.machines[0].properties = {{"smartos", "false", {}}};
  Boot decision = boot(made);
  EXPECT_EQ(decision.entries[0].profile, "other");
  EXPECT_EQ(to_line(decision.entries[0].args), "-B smartos=false");
  EXPECT_EQ(boot(made, stranger()).entries[0].profile, "smartos");
}

TEST(Decide, KnowsAMachineByItsUuid) {
  model::Draft made = draft();
  made.profiles.push_back(testing::profile("other"));
  made.machines[0].uuid = Uuid::parse("b8945908-d6a6-41a9-611d-74a6ab80b83d");
  made.machines[0].profile = "other";
  model::Client client = stranger();
  EXPECT_EQ(boot(made, client).entries[0].profile, "smartos");
  client.uuid = made.machines[0].uuid;
  EXPECT_EQ(boot(made, client).entries[0].profile, "other");
}

TEST(Decide, OffersAMenuWhenTheProfileHasVariants) {
  model::Draft made = draft();
  made.profiles[0].variants = {Variant::normal, Variant::rescue, Variant::kmdb};
  Boot decision = boot(made);
  EXPECT_TRUE(decision.menu);
  EXPECT_EQ(decision.timeout, std::chrono::seconds(30));
  ASSERT_EQ(decision.entries.size(), 3u);
  EXPECT_EQ(decision.entries[0].variant, Variant::normal);
  EXPECT_EQ(decision.entries[1].label, "smartos-rescue");
  EXPECT_EQ(decision.entries[2].label, "smartos-kmdb");
}

TEST(Decide, ShowsNoMenuThatWouldNotWait) {
  model::Draft made = draft();
  made.profiles[0].variants = {Variant::rescue};
  made.boot.timeout = std::chrono::seconds(0);
  EXPECT_FALSE(boot(made).menu);
}

TEST(Decide, ShowsNoMenuToAnIpxeWithoutMenus) {
  model::Draft made = draft();
  made.profiles[0].variants = {Variant::rescue};
  model::Client client = bios_ipxe();
  client.features.menu = false;
  EXPECT_FALSE(boot(made, client).menu);
}

TEST(Decide, FollowsThePolicyForStrangersOnly) {
  model::Draft made = draft();
  for (auto [policy, course] :
       {std::pair{UnknownPolicy::local, Course::local_disk}, std::pair{UnknownPolicy::ignore, Course::silent},
        std::pair{UnknownPolicy::menu, Course::boot}, std::pair{UnknownPolicy::boot_default, Course::boot}}) {
    made.boot.unknown = policy;
    auto plan = plan_of(made);
    EXPECT_EQ(course_of(*plan, stranger()), course);
    EXPECT_EQ(course_of(*plan, bios_ipxe()), Course::boot);
    EXPECT_EQ(std::holds_alternative<LocalDisk>(decide(*plan, stranger())), policy == UnknownPolicy::local);
    EXPECT_EQ(std::holds_alternative<Silent>(decide(*plan, stranger())), policy == UnknownPolicy::ignore);
    EXPECT_TRUE(std::holds_alternative<Boot>(decide(*plan, bios_ipxe())));
  }
}

TEST(Decide, OffersStrangersEveryProfileThatCanBoot) {
  model::Draft made = draft();
  made.boot.unknown = UnknownPolicy::menu;
  model::Profile missing = testing::profile("missing");
  missing.image.version = "20200101T000000Z";
  made.profiles = {missing, testing::profile("a"), testing::profile("b")};
  made.boot.default_profile = "b";
  Boot decision = boot(made, stranger());
  EXPECT_TRUE(decision.menu);
  ASSERT_EQ(decision.entries.size(), 2u);
  EXPECT_EQ(decision.entries[0].label, "b-normal");
  EXPECT_EQ(decision.entries[1].label, "a-normal");
}

TEST(Decide, GivesEveryEntryALabelOfItsOwn) {
  model::Draft made = draft();
  made.boot.unknown = UnknownPolicy::menu;
  made.profiles = {testing::profile("a b"), testing::profile("a-b")};
  Boot decision = boot(made, stranger());
  EXPECT_EQ(decision.entries[0].label, "a-b-normal");
  EXPECT_EQ(decision.entries[1].label, "a-b-normal.2");
}

TEST(Decide, RefusesWithoutAnImage) {
  Refusal none = refusal(*plan_of(draft(), {}));
  EXPECT_EQ(none.why, Why::no_image);
  EXPECT_EQ(none.sentence, "there is no smartos image in the store");
  EXPECT_THAT(none.remedy, HasSubstr("slipway image import"));
}

TEST(Decide, NamesTheImagesThatAreThereWhenTheWantedOneIsNot) {
  model::Draft made = draft();
  made.profiles[0].image.version = "20200101T000000Z";
  Refusal missing = refusal(*plan_of(made));
  EXPECT_EQ(missing.why, Why::image_missing);
  EXPECT_THAT(missing.sentence, HasSubstr("smartos@20200101T000000Z"));
  EXPECT_THAT(missing.remedy, HasSubstr(testing::stamp));
}

TEST(Decide, SaysOfADamagedImageThatItIsDamaged) {
  model::Image newer = testing::smartos_image("20250102T030405Z", std::string(64, 'b'));
  Refusal latest = refusal(*plan_of(draft(), {})->with_images({}, {newer}));
  EXPECT_EQ(latest.why, Why::image_broken);
  EXPECT_EQ(latest.sentence, "image smartos@20250102T030405Z is damaged");
  EXPECT_THAT(latest.remedy, HasSubstr("import it again"));
  model::Draft made = draft();
  made.profiles[0].image.version = newer.version;
  Refusal named = refusal(*plan_of(made)->with_images({testing::smartos_image()}, {newer}));
  EXPECT_EQ(named.sentence, latest.sentence);
}

TEST(Decide, SaysWhereTheLatestImageWasPassedOverBecauseItIsDamaged) {
  model::Image newer = testing::smartos_image("20250102T030405Z", std::string(64, 'b'));
  model::Image older = testing::smartos_image("20230102T030405Z", std::string(64, 'c'));
  auto told = [](const model::Plan& plan) {
    for (const Finding& finding : lint_entries(decide(plan, testing::bios_ipxe())))
      if (finding.rule == Rule::image_passed_over) return finding.sentence;
    return std::string();
  };
  auto plan = plan_of(draft());
  EXPECT_THAT(told(*plan->with_images(plan->images(), {newer, older})),
              HasSubstr("smartos@latest is 20240102T030405Z, because 20250102T030405Z is damaged"));
  EXPECT_EQ(told(*plan->with_images(plan->images(), {older})), "");
  model::Draft made = draft();
  made.profiles[0].image.version = testing::stamp;
  EXPECT_EQ(told(*plan_of(made)->with_images(plan->images(), {newer})), "") << "nobody asked for the latest";
}

TEST(Decide, RefusesAnImageWithoutItsArchive) {
  model::Image image = testing::smartos_image();
  image.files.erase(image.files.begin());
  Refusal broken = refusal(*plan_of(draft(), {image}));
  EXPECT_EQ(broken.why, Why::image_broken);
  EXPECT_THAT(broken.sentence, HasSubstr("boot_archive"));
}

TEST(Decide, RefusesAnImageThatDoesNotSayWhatItsKernelIs) {
  model::Draft made = draft();
  made.profiles[0].image = {model::ImageKind::linux_kernel, "latest"};
  model::Image image = testing::smartos_image();
  image.kind = model::ImageKind::linux_kernel;
  EXPECT_EQ(refusal(*plan_of(made, {image})).why, Why::image_broken);
}

TEST(Decide, RefusesOtherProcessors) {
  model::Client client = bios_ipxe();
  for (Arch arch : {Arch::uefi_arm64, Arch::uefi_ia32, Arch::http_arm64, Arch::raspberry_pi}) {
    client.arch = arch;
    EXPECT_EQ(refusal(*plan_of(draft()), client).why, Why::architecture) << to_string(arch);
  }
}

TEST(Decide, RefusesUefiWithoutMultiboot2) {
  EXPECT_EQ(refusal(*plan_of(draft()), uefi_ipxe()).why, Why::uefi);
  model::Client unreported = uefi_ipxe();
  unreported.features = {};
  EXPECT_EQ(refusal(*plan_of(draft()), unreported).why, Why::uefi);
}

TEST(Decide, BootsUefiWithMultiboot2AndItsWiderLimits) {
  model::Client client = uefi_ipxe();
  client.features.multiboot2 = true;
  Boot decision = boot(draft(), client);
  EXPECT_EQ(decision.limits.line_bytes, 4096u);
  EXPECT_EQ(decision.limits.modules, 16u);
  EXPECT_TRUE(decision.limits.known_multiboot);
}

TEST(Decide, RefusesAnIpxeWithoutMultiboot) {
  model::Client client = bios_ipxe();
  client.features.multiboot = false;
  EXPECT_EQ(refusal(*plan_of(draft()), client).why, Why::no_multiboot);
  client.features = {};
  EXPECT_FALSE(boot(draft(), client).limits.known_multiboot) << "what is not reported is asked by the script";
}

TEST(Decide, LeavesFirmwareToItsLoader) {
  model::Client rom = uefi_ipxe();
  rom.stage = model::Stage::pxe_rom;
  rom.features = {};
  EXPECT_EQ(boot(draft(), rom).entries.size(), 1u);
}

TEST(Decide, RefusesArgumentsTheKernelCannotTake) {
  model::Draft made = draft();
  made.machines[0].properties = {{"note", "both \" and '", {}}};
  Refusal arguments = refusal(*plan_of(made));
  EXPECT_EQ(arguments.why, Why::arguments);
  EXPECT_THAT(arguments.sentence, HasSubstr("note"));
  EXPECT_THAT(arguments.remedy, HasSubstr("machine node1"));
}

}  // namespace slipway::boot
