// SPDX-License-Identifier: MPL-2.0
// Linux images on every road: iPXE on BIOS and UEFI, PXELINUX, GRUB legacy, and what lint says of them.
#include <gmock/gmock.h>

#include "boot/budget.h"
#include "boot/lint.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::Arch;
using model::Variant;
using testing::bios_ipxe;
using testing::context;
using ::testing::ElementsAre;
using testing::expect_golden;
using ::testing::HasSubstr;
using testing::plan_of;
using testing::uefi_ipxe;
using Use = model::BootPart::Use;

model::Image debian() {
  model::Image image;
  image.id = std::string(64, 'd');
  image.kind = model::ImageKind::linux_kernel;
  image.version = "debian-12";
  for (const char* path : {"debian-installer/amd64/initrd.gz", "debian-installer/amd64/linux"})
    image.files.push_back({path, 1000, std::string(64, '0'), std::string(40, '0')});
  image.parts = {{Use::kernel, "debian-installer/amd64/linux", "priority=critical base={image}/x"},
                 {Use::initrd, "debian-installer/amd64/initrd.gz", ""}};
  return image;
}

model::Draft draft() {
  model::Draft made = testing::draft();
  made.profiles[0].name = "debian";
  made.profiles[0].image = {model::ImageKind::linux_kernel, "latest"};
  made.profiles[0].properties.clear();
  made.profiles[0].arguments = {"auto=true", "preseed/url={server}/{name}.cfg", "BOOTIF=01-{mac}"};
  made.profiles[0].console = "ttya";
  return made;
}

struct Answer {
  std::shared_ptr<const model::Plan> plan;
  Decision decision;
};

Answer answer(const model::Draft& made, const model::Client& client = bios_ipxe(),
              model::Image image = debian()) {
  auto plan = plan_of(made, {std::move(image)});
  Decision decision = decide(*plan, client);
  return {std::move(plan), std::move(decision)};
}

std::string line_of(const model::Draft& made) {
  Answer got = answer(made);
  return arguments_of(std::get<Boot>(got.decision).entries.front(), context().base);
}

std::vector<std::string_view> ids(const Findings& findings) {
  std::vector<std::string_view> out;
  for (const Finding& finding : findings) out.push_back(finding.id());
  return out;
}

}  // namespace

TEST(Linux, IsToldWhatItsImageItsConsoleItsProfileAndItsMachineSay) {
  EXPECT_EQ(
      line_of(draft()),
      "priority=critical base=http://10.99.99.250/images/dddddddddddd/x console=ttyS0,115200n8 auto=true "
      "preseed/url=http://10.99.99.250/node1.cfg BOOTIF=01-0c-c4-7a-ab-cd-ef");
}

TEST(Linux, TakesTheLaterOfTwoArgumentsOfOneName) {
  model::Draft made = draft();
  made.profiles[0].arguments = {"priority=low console=ttyS1,9600 quiet", "console=tty0"};
  made.machines[0].arguments = {"quiet", "priority=high"};
  EXPECT_EQ(line_of(made),
            "base=http://10.99.99.250/images/dddddddddddd/x console=ttyS1,9600 console=tty0 quiet "
            "priority=high");
}

TEST(Linux, HasItsConsoleWhereAndHowFastTheProfileSays) {
  model::Draft made = draft();
  made.profiles[0].arguments.clear();
  made.profiles[0].console = "ttyb";
  made.profiles[0].properties = {{"ttyb-mode", "9600,7,e,1,-", {}}};
  EXPECT_THAT(line_of(made), HasSubstr("console=ttyS1,9600e7"));
  made.profiles[0].console = "text";
  EXPECT_THAT(line_of(made), HasSubstr("console=tty0"));
  made.profiles[0].console = "graphics";
  EXPECT_THAT(line_of(made), ::testing::Not(HasSubstr("console=")));
}

TEST(Linux, KeepsBlanksWithinQuotes) {
  EXPECT_THAT(words_of("a=\"b c\"  d"), ElementsAre("a=\"b c\"", "d"));
}

TEST(Linux, StartsFromBiosAndUefiByTheSameScript) {
  Answer bios = answer(draft());
  Answer uefi = answer(draft(), uefi_ipxe());
  std::string script = ipxe_script(bios.decision, context());
  EXPECT_EQ(script, ipxe_script(uefi.decision, context()));
  EXPECT_TRUE(lint_ipxe(script).empty()) << lint_ipxe(script).front().to_string();
  EXPECT_TRUE(lint(bios.decision, context()).empty());
  expect_golden("linux.ipxe", script);
}

TEST(Linux, StartsFromPxelinuxAndGrubLegacy) {
  Answer got = answer(draft());
  std::string config = pxelinux_config(got.decision, context());
  EXPECT_TRUE(lint_pxelinux(config).empty()) << lint_pxelinux(config).front().to_string();
  expect_golden("linux.pxelinux", config);
  expect_golden("linux.menu.lst", menu_lst(got.decision, context()));
}

TEST(Linux, HasTheVariantsThatMeanSomethingToIt) {
  model::Draft made = draft();
  made.profiles[0].console = "text";
  made.profiles[0].variants = {Variant::serial, Variant::rescue, Variant::kmdb, Variant::single_user};
  Answer got = answer(made);
  auto& boot = std::get<Boot>(got.decision);
  ASSERT_EQ(boot.entries.size(), 3u);
  EXPECT_THAT(joined(boot.entries[1].words), HasSubstr("console=ttyS0,115200n8"));
  EXPECT_THAT(joined(boot.entries[2].words), HasSubstr(" single"));
}

TEST(Linux, IsNotForOtherProcessors) {
  model::Client client = bios_ipxe();
  client.arch = Arch::uefi_arm64;
  Answer got = answer(draft(), client);
  EXPECT_EQ(std::get<Refusal>(got.decision).why, Refusal::Why::architecture);
}

TEST(Linux, StandsInAMenuBesideSmartosAndOnlyThatAsksForABios) {
  model::Draft made = draft();
  made.profiles.push_back(testing::profile());
  made.boot.unknown = model::UnknownPolicy::menu;
  auto plan = plan_of(made, {debian(), testing::smartos_image()});
  model::Client client = testing::stranger();
  client.features = {};
  Decision decision = decide(*plan, client);
  std::string script = ipxe_script(decision, context());
  std::size_t linux_at = script.find("\n:debian-normal\n"), smartos_at = script.find("\n:smartos-normal\n");
  std::size_t asked = script.find("iseq ${platform} pcbios || goto not_bios");
  ASSERT_NE(linux_at, std::string::npos);
  EXPECT_GT(asked, smartos_at);
  EXPECT_GT(smartos_at, linux_at);
  EXPECT_TRUE(lint_ipxe(script).empty()) << lint_ipxe(script).front().to_string();
  client.arch = Arch::uefi_x64;
  client.features = uefi_ipxe().features;
  EXPECT_EQ(std::get<Boot>(decide(*plan, client)).entries.size(), 1u) << "UEFI leaves SmartOS out";
}

TEST(Linux, GivesEachInitrdANameOfItsOwn) {
  model::Image image = debian();
  image.files.push_back({"extra/initrd.gz", 1000, std::string(64, '0'), std::string(40, '0')});
  image.parts.push_back({Use::initrd, "extra/initrd.gz", ""});
  Answer got = answer(draft(), bios_ipxe(), image);
  EXPECT_THAT(ipxe_script(got.decision, context()), HasSubstr("linux initrd=initrd.gz initrd=2-initrd.gz "));
}

TEST(LinuxLint, NamesWhatAKernelWouldMisread) {
  model::Draft made = draft();
  made.profiles[0].arguments = {"a=\"open"};
  Answer got = answer(made);
  EXPECT_THAT(std::get<Refusal>(got.decision).sentence, HasSubstr("a=\"open"));
  made.profiles[0].arguments = {std::string(2048, 'x')};
  EXPECT_THAT(std::get<Refusal>(answer(made).decision).sentence, HasSubstr("Linux keeps 2047"));
  made.profiles[0].arguments = {"u={imgae}/x"};
  got = answer(made);
  EXPECT_THAT(ids(lint(got.decision, context())), ElementsAre("arguments-gap"));
}

TEST(LinuxLint, SaysWhichSettingsAreForTheOtherKindOfKernel) {
  model::Draft made = draft();
  made.profiles[0].properties = {{"smartos", "true", {}}};
  Answer got = answer(made);
  EXPECT_THAT(ids(lint(got.decision, context())), ElementsAre("settings-ignored"));
  made = testing::draft();
  made.machines[0].arguments = {"quiet"};
  got = answer(made, bios_ipxe(), testing::smartos_image());
  EXPECT_THAT(ids(lint(got.decision, context())), ElementsAre("settings-ignored"));
}

TEST(LinuxLint, NamesTwoConsolesOfOneProfileAndAModeThatIsNone) {
  auto ids_with = [](std::string argument, std::string mode) {
    model::Draft made = draft();
    made.profiles[0].arguments = {std::move(argument)};
    made.profiles[0].properties = {{"ttya-mode", std::move(mode), {}}};
    return ids(lint(answer(made).decision, context()));
  };
  EXPECT_THAT(ids_with("console=tty0", "9600,8,n,1,-"), ElementsAre("console-twice"));
  EXPECT_THAT(ids_with("console=ttyS0,9600n8", "9600,8,n,1,-"), ElementsAre());
  EXPECT_THAT(ids_with("quiet", "9600n8"), ElementsAre("mode-format"));
}

TEST(LinuxLint, WantsEveryInitrdNamedInTheKernelsArguments) {
  std::string start = "#!ipxe\nimgfree ||\nkernel http://a/linux ";
  std::string end = " || goto x\ninitrd http://a/b/initrd.gz || goto x\nboot || goto x\n:x\n";
  EXPECT_THAT(ids(lint_ipxe(start + "quiet" + end)), ElementsAre("script-initrd-name"));
  EXPECT_THAT(ids(lint_ipxe(start + "initrd=initrd" + end)), ElementsAre("script-initrd-name"));
  EXPECT_TRUE(lint_ipxe(start + "initrd=initrd.gz" + end).empty());
}

}  // namespace slipway::boot
