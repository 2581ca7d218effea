// SPDX-License-Identifier: MPL-2.0
#include "boot/ipxe_script.h"

#include <gmock/gmock.h>

#include "boot/ipxe_text.h"
#include "boot/lint.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::Variant;
using testing::bios_ipxe;
using testing::context;
using testing::draft;
using testing::expect_golden;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::plan_of;
using testing::stranger;

std::string script(const model::Draft& made, const model::Client& client = bios_ipxe(),
                   std::vector<model::Image> images = {testing::smartos_image()}) {
  auto plan = plan_of(made, std::move(images));
  ScriptContext about = context();
  about.mac = client.mac;
  if (client.mac != testing::mac()) about.machine = client.mac.to_string();
  std::string text = ipxe_script(decide(*plan, client), about);
  EXPECT_THAT(lint_ipxe(text, limits_of(client)), IsEmpty()) << text;
  return text;
}

model::Draft serial() {
  model::Draft made = draft();
  made.profiles[0].console = "ttyb";
  return made;
}

model::Draft with_variants() {
  model::Draft made = serial();
  // With a password of its own for the rescue.
  made.profiles[0].properties.push_back({"root_shadow", "$5$salt$hash", {}});
  made.profiles[0].variants = {Variant::rescue, Variant::kmdb};
  return made;
}

}  // namespace

TEST(IpxeScript, OfAMachine) {
  expect_golden("machine.ipxe", script(serial()));
}
TEST(IpxeScript, WithAMenu) {
  expect_golden("menu.ipxe", script(with_variants()));
}
TEST(IpxeScript, WithoutAnImage) {
  expect_golden("no-image.ipxe", script(draft(), bios_ipxe(), {}));
}
TEST(IpxeScript, ForTheStart) {
  expect_golden("start.ipxe", ipxe_start_script(context().base));
}

TEST(IpxeScript, ForTheStartLintsClean) {
  EXPECT_THAT(lint_ipxe(ipxe_start_script(context().base)), IsEmpty());
}

TEST(IpxeScript, ForAStrangerWithTheMenuPolicy) {
  model::Draft made = with_variants();
  made.boot.unknown = model::UnknownPolicy::menu;
  made.profiles.push_back(testing::profile("other"));
  expect_golden("stranger-menu.ipxe", script(made, stranger()));
}

TEST(IpxeScript, ForTheLocalDisk) {
  model::Draft made = draft();
  made.boot.unknown = model::UnknownPolicy::local;
  expect_golden("local.ipxe", script(made, stranger()));
}

TEST(IpxeScript, ForOneThatIsToBeLeftAlone) {
  model::Draft made = draft();
  made.boot.unknown = model::UnknownPolicy::ignore;
  expect_golden("silent.ipxe", script(made, stranger()));
}

TEST(IpxeScript, ForUefiWithoutMultiboot2) {
  model::Client client = bios_ipxe();
  client.arch = model::Arch::uefi_x64;
  client.features.multiboot = false;
  expect_golden("uefi.ipxe", script(draft(), client));
}

TEST(IpxeScript, AsksThePlatformWhenTheClientSaidNothing) {
  model::Client silent = bios_ipxe();
  silent.features = {};
  silent.arch.reset();
  EXPECT_THAT(script(draft(), silent), HasSubstr("iseq ${platform} pcbios || goto not_bios\n"));
  EXPECT_THAT(script(draft()), Not(HasSubstr("not_bios")));
}

TEST(IpxeScript, UsesBriefNamesWhenTheBytesRunOut) {
  model::Draft made = draft();
  EXPECT_THAT(script(made), HasSubstr("kernel http://10.99.99.250/os/20240102T030405Z/platform/"));
  made.profiles[0].properties.push_back({"pad", std::string(218, 'x'), {}});
  EXPECT_THAT(script(made), HasSubstr("kernel http://10.99.99.250/s/aaaaaaaaaaaa/platform/"));
}

TEST(IpxeScript, StartsNothingThatWouldBeCutButSaysSo) {
  model::Draft made = draft();
  made.profiles[0].properties.push_back({"pad", std::string(300, 'x'), {}});
  std::string text = script(made);
  EXPECT_THAT(text, Not(HasSubstr("\nkernel ")));
  EXPECT_THAT(text,
              HasSubstr("set slipway-cause URLs and arguments need 529 bytes, and this iPXE carries 512\n"));
}

TEST(IpxeScript, SaysWhichVariantCannotBeStartedAndStartsTheOthers) {
  model::Draft made = draft();
  made.profiles[0].variants = {Variant::debug};
  made.profiles[0].properties.push_back({"pad", std::string(276, 'x'), {}});
  std::string text = script(made);
  EXPECT_THAT(text, HasSubstr(":smartos-normal\nset slipway-entry smartos-normal\necho"));
  EXPECT_THAT(text,
              HasSubstr(":smartos-debug\nset slipway-entry smartos-debug\nset slipway-id refused-by-lint\n"));
}

TEST(IpxeScript, NeverSaysToIpxeWhatIpxeWouldTakeApart) {
  for (std::string value : {"a ; b", "a || b", "${mac}", "a #b", "two  blanks"}) {
    model::Draft made = draft();
    made.profiles[0].properties.push_back({"note", value, {}});
    std::string text = script(made);
    EXPECT_THAT(text, Not(HasSubstr("\nkernel "))) << value;
    EXPECT_THAT(text, HasSubstr("a kernel argument cannot be said to iPXE")) << value;
  }
}

TEST(IpxeScript, FetchesByTftpWhereIpxeHasNoHttp) {
  model::Client client = bios_ipxe();
  client.features.http = false;
  std::string text = script(draft(), client);
  EXPECT_THAT(text, HasSubstr("kernel tftp://10.99.99.250/os/"));
  EXPECT_THAT(text, Not(HasSubstr("http://10.99.99.250")));
}

TEST(IpxeScript, TellsTheRequestOfARefusal) {
  EXPECT_THAT(
      script(draft(), bios_ipxe(), {}),
      HasSubstr("set slipway-cause there is no smartos image in the store (no-image, request r-42)\n"));
}

TEST(IpxeScript, CannotBeBrokenByTheNameOfAMachine) {
  auto plan = plan_of(draft());
  ScriptContext about = context();
  about.machine = "x\n:retry\nreboot ; ${mac} #y ||";
  std::string text = ipxe_script(decide(*plan, bios_ipxe()), about);
  EXPECT_THAT(lint_ipxe(text), IsEmpty()) << text;
  EXPECT_THAT(text, Not(HasSubstr("\nreboot")));
}

TEST(IpxeText, LeavesNothingThatIpxeActsOn) {
  EXPECT_EQ(ipxe_text("a  b\tc\n"), "a b c");
  EXPECT_EQ(ipxe_text("a || b && c ; #d ${mac}"), "a or b and c , *d *{mac}");
  EXPECT_EQ(ipxe_text("caf\xc3\xa9 \x1b[2J"), "caf?? ?[2J");
  EXPECT_EQ(ipxe_text("end\\"), "end/");
}

TEST(IpxeText, IsReadAsIpxeReadsIt) {
  auto lines = ipxe_lines("#!ipxe\n:a  kernel x -B y || goto b # why\nset z 1 ; echo \\\n two\n");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].label, "a");
  ASSERT_EQ(lines[1].commands.size(), 2u);
  EXPECT_THAT(lines[1].commands[0].words, ::testing::ElementsAre("kernel", "x", "-B", "y"));
  EXPECT_EQ(lines[1].commands[0].ended_by, "||");
  EXPECT_THAT(lines[1].commands[1].words, ::testing::ElementsAre("goto", "b"));
  EXPECT_EQ(lines[1].commands[1].ended_by, "#");
  EXPECT_EQ(lines[2].number, 3);
  EXPECT_THAT(lines[2].commands[1].words, ::testing::ElementsAre("echo", "two"));
}

}  // namespace slipway::boot
