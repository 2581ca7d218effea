// SPDX-License-Identifier: MPL-2.0
#include "dhcp/classes.h"

#include "dhcp/identify.h"
#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

model::BootClass class_when(std::string name, model::ClassCondition when) {
  model::BootClass made;
  made.name = std::move(name);
  made.when = std::move(when);
  made.boot_file = "some.file";
  return made;
}

/// The classes of a packet, where these are all there are.
std::vector<std::string> names_of(std::vector<model::BootClass> all, const DhcpMessage& message) {
  model::Draft draft = site();
  draft.classes = all;
  auto plan = plan_of(std::move(draft));
  Classes classes(*plan, message, identify(message).client, relay_agent_of(message), nullptr);
  std::vector<std::string> names;
  for (const model::BootClass& known : all) {
    if (classes.has(known.name)) names.push_back(known.name);
  }
  EXPECT_EQ(classes.members().size(), names.size());
  return names;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Pattern, StandsForAnyTextWhereThereIsAStar) {
  EXPECT_TRUE(fits_pattern("PXEClient:Arch:00000", "PXEClient*"));
  EXPECT_TRUE(fits_pattern("PXEClient", "PXEClient*"));
  EXPECT_TRUE(fits_pattern("abcabd", "*ab*d"));
  EXPECT_TRUE(fits_pattern("", "*"));
  EXPECT_FALSE(fits_pattern("PXEClient:Arch", "PXEClient"));
  EXPECT_FALSE(fits_pattern("abc", "*b"));
  EXPECT_FALSE(fits_pattern("", "a"));
}

TEST(Pattern, IsDoneSoonWithThePatternThatWouldTakeForEver) {
  std::string text(5000, 'a'), pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(fits_pattern(text, pattern + "*b"));
}

TEST(Classes, NeedEveryPartOfTheirCondition) {
  model::ClassCondition when;
  when.arch = {model::Arch::bios};
  when.vendor_class = "PXEClient*";
  when.user_class = "iPXE";
  when.mac = "52:54:00:*";
  EXPECT_THAT(names_of({class_when("all", when)}, as_ipxe(discover())), ElementsAre("all"));
  EXPECT_THAT(names_of({class_when("all", when)}, as_ipxe(discover(), 7)), IsEmpty());
  EXPECT_THAT(names_of({class_when("all", when)}, discover()), IsEmpty());
  EXPECT_THAT(names_of({class_when("all", when)}, as_pxe_rom(discover(), 0)), IsEmpty());
  when.mac = "00:80:64:*";
  EXPECT_THAT(names_of({class_when("all", when)}, as_ipxe(discover())), IsEmpty());
}

TEST(Classes, AreManyInTheOrderOfTheFile) {
  model::ClassCondition bios, any;
  bios.arch = {model::Arch::bios};
  EXPECT_THAT(names_of({class_when("bios", bios), class_when("any", any)}, as_pxe_rom(discover(), 0)),
              ElementsAre("bios", "any"));
  EXPECT_THAT(names_of({class_when("bios", bios), class_when("any", any)}, as_pxe_rom(discover(), 7)),
              ElementsAre("any"));
  EXPECT_THAT(names_of({class_when("bios", bios)}, discover()), IsEmpty()) << "it names no architecture";
}

TEST(Classes, CompareAnOptionInWholeAfterItsPiecesWereJoined) {
  model::ClassCondition when;
  when.vendor_class = "1234";
  DhcpMessage message = discover();
  message.options.append_raw(60, as_bytes("1234"));
  EXPECT_THAT(names_of({class_when("c", when)}, message), ElementsAre("c"));
  message.options.append_raw(60, as_bytes("5678"));
  EXPECT_THAT(names_of({class_when("c", when)}, message), IsEmpty());
}

TEST(Classes, LookAtAnyOption) {
  model::ClassCondition present, text;
  present.options = {{175, true, {}}};
  text.options = {{12, false, "node*"}};
  DhcpMessage message = with_features(discover(), {0x13});
  EXPECT_THAT(names_of({class_when("p", present), class_when("t", text)}, message), ElementsAre("p"));
  message.options.set<opt::HostName>("node7");
  EXPECT_THAT(names_of({class_when("p", present), class_when("t", text)}, message), ElementsAre("p", "t"));
}

TEST(Classes, LookAtTheRelaysCircuit) {
  model::ClassCondition when;
  when.relay_circuit = "eth0/3:*";
  DhcpMessage message = relayed(discover(), "10.0.0.9");
  wire::Options agent;
  agent.set_raw(1, Bytes{'e', 't', 'h', '0', '/', '3', ':', '7'});
  message.options.set_raw(82, wire::encode_suboptions(agent));
  EXPECT_THAT(names_of({class_when("c", when)}, message), ElementsAre("c"));
  EXPECT_THAT(names_of({class_when("c", when)}, discover()), IsEmpty());
}

}  // namespace
}  // namespace slipway::dhcp
