// SPDX-License-Identifier: MPL-2.0
// PXELINUX, GRUB 2 and GRUB legacy: what their files say, and that lint finds nothing in it.
#include "boot/grub_cfg.h"
#include "boot/lint.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::bios_ipxe;
using testing::context;
using testing::draft;
using testing::expect_golden;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::plan_of;

model::Draft with_password() {
  model::Draft made = draft();
  made.profiles[0].console = "text";
  made.profiles[0].properties.push_back({"root_shadow", "$5$salt$hash", {}});
  return made;
}

model::Client rom() {
  model::Client client = bios_ipxe();
  client.stage = model::Stage::pxe_rom;
  client.features = {};
  return client;
}

}  // namespace

TEST(Pxelinux, HasANormalAndARescueLabel) {
  auto plan = plan_of(with_password());
  std::string text = pxelinux_config(decide(*plan, rom()), context());
  EXPECT_THAT(lint_pxelinux(text), IsEmpty()) << text;
  expect_golden("machine.pxelinux", text);
}

TEST(Pxelinux, OffersTheVariantsOfTheProfile) {
  model::Draft made = with_password();
  made.profiles[0].variants = {model::Variant::rescue, model::Variant::kmdb};
  auto plan = plan_of(made);
  std::string text = pxelinux_config(decide(*plan, rom()), context());
  EXPECT_THAT(lint_pxelinux(text), IsEmpty()) << text;
  expect_golden("menu.pxelinux", text);
}

TEST(Pxelinux, SaysWhyNotAndAsksAgain) {
  auto plan = plan_of(draft(), {});
  std::string text = pxelinux_config(decide(*plan, rom()), context());
  EXPECT_THAT(lint_pxelinux(text), IsEmpty()) << text;
  expect_golden("no-image.pxelinux", text);
}

TEST(Pxelinux, SaysSoWhenALineIsMoreThanItReads) {
  model::Draft made = draft();
  made.profiles[0].properties.push_back({"pad", std::string(1900, 'x'), {}});
  auto plan = plan_of(made);
  std::string text = pxelinux_config(decide(*plan, rom()), context());
  EXPECT_THAT(text, HasSubstr("did not boot: the line has 2"));
  made.profiles[0].properties.back().value = "a --- b";
  plan = plan_of(made);
  text = pxelinux_config(decide(*plan, rom()), context());
  EXPECT_THAT(text, HasSubstr("did not boot: a kernel argument holds ---"));
}

TEST(Pxelinux, StartsTheLocalDisk) {
  EXPECT_THAT(pxelinux_config(LocalDisk{}, context()), HasSubstr("localboot 0"));
  EXPECT_THAT(pxelinux_config(Silent{}, context()), HasSubstr("localboot 0"));
}

TEST(MenuLst, HasTheSevenEntries) {
  auto plan = plan_of(with_password());
  expect_golden("menu.lst", menu_lst(decide(*plan, rom()), context()));
}

TEST(GrubCfg, NamesEachFileTwiceAndKeepsTheShellFromTheHash) {
  auto plan = plan_of(with_password());
  Decision decision = decide(*plan, rom());
  EXPECT_THAT(lint_grub(decision, context()), IsEmpty());
  expect_golden("grub.cfg", grub_cfg(decision, context()));
}

TEST(GrubCfg, TakesTftpWhereHttpHasAnotherPort) {
  auto plan = plan_of(with_password());
  ScriptContext elsewhere = context();
  elsewhere.base.http_port = 8080;
  std::string text = grub_cfg(decide(*plan, rom()), elsewhere);
  EXPECT_THAT(text, HasSubstr("  multiboot /os/"));
  EXPECT_THAT(text, Not(HasSubstr("http")));
}

TEST(GrubCfg, SaysThatQuotesDoNotGoThisRoad) {
  model::Draft made = with_password();
  made.profiles[0].console = "ttyb";
  auto plan = plan_of(made);
  Decision decision = decide(*plan, rom());
  Findings found = lint_grub(decision, context());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id(), "grub-quotes");
  EXPECT_THAT(grub_cfg(decision, context()),
              HasSubstr("did not boot: GRUB 2 puts a backslash before quotes"));
}

TEST(GrubCfg, SaysWhyNotAndStartsOver) {
  auto plan = plan_of(draft(), {});
  expect_golden("no-image.grub.cfg", grub_cfg(decide(*plan, rom()), context()));
}

TEST(GrubCfg, LeavesForTheLocalDisk) {
  EXPECT_THAT(grub_cfg(LocalDisk{}, context()), HasSubstr("\nexit\n"));
}

TEST(MenuLst, SaysWhyNotAndStartsOver) {
  auto plan = plan_of(draft(), {});
  expect_golden("no-image.menu.lst", menu_lst(decide(*plan, rom()), context()));
}

}  // namespace slipway::boot
