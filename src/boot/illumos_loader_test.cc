// SPDX-License-Identifier: MPL-2.0
#include "boot/illumos_loader.h"

#include "base/sha1.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::context;
using testing::draft;
using testing::plan_of;

Decision decided(const model::Draft& made) {
  static std::vector<std::shared_ptr<const model::Plan>> held;  // entries point into their plan
  held.push_back(plan_of(made));
  return decide(*held.back(), testing::bios_ipxe());
}

TEST(IllumosLoader, IsToldTheKernelItsArchiveAndTheMachinesFiles) {
  model::Draft made = draft();
  made.profiles[0].console = "ttyb";
  made.profiles[0].flags = {"-v", "-m verbose"};
  made.profiles[0].properties.push_back({"root_shadow", "$5$a$b", {}});
  std::string text = "set kmem_flags = 0xf\n";
  made.machines[0].boot_files.modules = {
      {"etc/system", {"f", std::make_shared<const std::string>(text), sha1_hex(text), {}}, {}}};
  testing::expect_golden("loader.conf", loader_conf(decided(made), context()));
  EXPECT_TRUE(lint_illumos(decided(made), context()).empty());
}

TEST(IllumosLoader, SaysOnTheConsoleWhyAMachineDoesNotBoot) {
  auto plan = plan_of(draft(), {});
  testing::expect_golden("no-image.loader.conf", loader_conf(decide(*plan, testing::bios_ipxe()), context()));
}

TEST(IllumosLoader, TakesNoNameOrValueThatItWouldMisread) {
  auto wrong = [](const char* name, const char* value) {
    model::Draft made = draft();
    made.profiles[0].properties.push_back({name, value, {}});
    return !lint_illumos(decided(made), context()).empty();
  };
  EXPECT_FALSE(wrong("rack-no", "a,b c"));
  EXPECT_FALSE(wrong("note", "say \"hi\""));
  EXPECT_FALSE(wrong("note", "$5$it"));
  EXPECT_TRUE(wrong("note", "$5$it's"));
  EXPECT_TRUE(wrong("note", "a\\b"));
  EXPECT_TRUE(wrong("a@b", "c"));
  EXPECT_TRUE(wrong("root_name", "c")) << "it would be taken for the name of a module";
  EXPECT_TRUE(wrong("exec", "c"));
}

TEST(IllumosLoader, FindsWhatItAsksForBelowItsRoot) {
  EXPECT_EQ(illumos_root_path(*Ipv4::parse("10.99.99.250"), testing::mac()),
            "tftp://10.99.99.250/illumos/0c-c4-7a-ab-cd-ef");
  model::Draft made = draft();
  made.machines[0].boot_files.modules = {{"a", {"f", std::make_shared<const std::string>("b"), {}, {}}, {}}};
  Decision decision = decided(made);
  EXPECT_EQ(illumos_file(decision, "platform/i86pc/kernel/amd64/unix").file,
            "platform/i86pc/kernel/amd64/unix");
  ASSERT_TRUE(illumos_file(decision, "bootfs/a").module);
  EXPECT_EQ(*illumos_file(decision, "bootfs/a").module->content, "b");
  EXPECT_FALSE(illumos_file(decision, "boot/loader.rc").entry) << "it is the operator's";
}

}  // namespace
}  // namespace slipway::boot
