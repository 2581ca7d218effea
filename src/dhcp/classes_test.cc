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

/// The classes of a packet, where these are all there are. Machine 7 is a known one.
std::vector<std::string> names_of(std::vector<model::BootClass> all, const DhcpMessage& message) {
  model::Draft draft = site();
  draft.classes = all;
  draft.machines = {machine("seven", 7)};
  auto plan = plan_of(std::move(draft));
  model::Client client = identify(message).client;
  RelayAgent relay = relay_agent_of(message.options.raw(opt::RelayAgent::code));
  Classes classes(*plan, {message, client, relay, "eth1", plan->machine(client.mac)});
  std::vector<std::string> names;
  for (const model::BootClass& known : all) {
    if (classes.has(known.name)) names.push_back(known.name);
  }
  EXPECT_EQ(classes.members().size(), names.size());
  return names;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Classes, NeedEveryPartOfTheirCondition) {
  model::ClassCondition when;
  when.arch = {model::Arch::bios};
  when.vendor_class = {"PXEClient*"};
  when.user_class = {"iPXE"};
  when.mac = {"52:54:00:*"};
  EXPECT_THAT(names_of({class_when("all", when)}, as_ipxe(discover())), ElementsAre("all"));
  EXPECT_THAT(names_of({class_when("all", when)}, as_ipxe(discover(), 7)), IsEmpty());
  EXPECT_THAT(names_of({class_when("all", when)}, discover()), IsEmpty());
  EXPECT_THAT(names_of({class_when("all", when)}, as_pxe_rom(discover(), 0)), IsEmpty());
  when.mac = {"00:80:64:*"};
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
  when.vendor_class = {"1234"};
  DhcpMessage message = discover();
  message.options.append_raw(60, as_bytes("1234"));
  EXPECT_THAT(names_of({class_when("c", when)}, message), ElementsAre("c"));
  message.options.append_raw(60, as_bytes("5678"));
  EXPECT_THAT(names_of({class_when("c", when)}, message), IsEmpty());
}

using OptionTest = model::ClassCondition::OptionTest;

model::ClassCondition asking(OptionTest test) {
  model::ClassCondition when;
  when.options = {std::move(test)};
  return when;
}

model::Pattern hex(std::string_view text) {
  return model::Pattern::parse(text).value();
}

TEST(Classes, LookAtAnyOptionByTextBytesPresenceAndAbsence) {
  std::vector<model::BootClass> all{
      class_when("present", asking({175, OptionTest::Kind::present, {}})),
      class_when("absent", asking({175, OptionTest::Kind::absent, {}})),
      class_when("text", asking({12, OptionTest::Kind::fits, {"node*"}})),
      class_when("bytes", asking({12, OptionTest::Kind::fits, {hex("hex:6e:6f*37")}})),
      class_when("shown", asking({57, OptionTest::Kind::fits, {"1472"}})),
  };
  DhcpMessage message = with_features(discover(), {0x13});
  EXPECT_THAT(names_of(all, message), ElementsAre("present"));
  message.options.set<opt::HostName>("node7");
  EXPECT_THAT(names_of(all, message), ElementsAre("present", "text", "bytes"));
  message = discover();
  message.options.set<opt::MaxMessageSize>(1472);
  EXPECT_THAT(names_of(all, message), ElementsAre("absent", "shown"));
}

TEST(Classes, LookAtEveryUserClass) {
  model::ClassCondition when;
  when.user_class = {"gold"};
  DhcpMessage message = discover();
  message.options.set_raw(opt::UserClass::code, {4, 'l', 'e', 'a', 'd', 4, 'g', 'o', 'l', 'd'});
  EXPECT_THAT(names_of({class_when("c", when)}, message), ElementsAre("c"));
}

TEST(Classes, KnowTheMachinesOfTheFile) {
  model::ClassCondition known, unknown;
  known.known = true;
  unknown.known = false;
  std::vector<model::BootClass> all{class_when("known", known), class_when("unknown", unknown)};
  EXPECT_THAT(names_of(all, discover(7)), ElementsAre("known"));
  EXPECT_THAT(names_of(all, discover(8)), ElementsAre("unknown"));
}

TEST(Classes, LookAtMessageInterfaceRelayAndUuid) {
  model::ClassCondition message, interface, relay, uuid;
  message.message_types = {static_cast<std::uint8_t>(MessageType::request)};
  interface.interface = {"eth2"};
  relay.relay = {Prefix::parse("10.0.0.0/24").value()};
  uuid.uuid = {"564d7f5c-*"};
  std::vector<model::BootClass> all{class_when("message", message), class_when("interface", interface),
                                    class_when("relay", relay), class_when("uuid", uuid)};
  EXPECT_THAT(names_of(all, discover()), IsEmpty());
  EXPECT_THAT(names_of(all, init_reboot("10.0.0.9")), ElementsAre("message"));
  EXPECT_THAT(names_of(all, relayed(discover(), "10.0.0.9")), ElementsAre("relay"));
  DhcpMessage known = discover();
  known.options.set_raw(97, wire::encode_client_uuid(*Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef")));
  EXPECT_THAT(names_of(all, known), ElementsAre("uuid"));
}

TEST(Classes, AreBuiltOfEachOther) {
  model::ClassCondition bios, ipxe, either, neither, member;
  bios.arch = {model::Arch::bios};
  ipxe.user_class = {"iPXE"};
  either.any = {bios, ipxe};
  neither.none = {bios, ipxe};
  member.classes = {"bios"};
  std::vector<model::BootClass> all{class_when("bios", bios), class_when("either", either),
                                    class_when("neither", neither), class_when("member", member)};
  EXPECT_THAT(names_of(all, as_pxe_rom(discover(), 0)), ElementsAre("bios", "either", "member"));
  EXPECT_THAT(names_of(all, as_ipxe(discover(), 7)), ElementsAre("either"));
  EXPECT_THAT(names_of(all, discover()), ElementsAre("neither"));
}

TEST(Classes, OfAMachineAreItsOwnWhateverTheySay) {
  model::Draft draft = site();
  model::BootClass given;
  given.name = "given";
  draft.classes = {given};
  draft.machines = {machine("seven", 7)};
  draft.machines[0].classes = {"given"};
  auto plan = plan_of(std::move(draft));
  DhcpMessage message = discover(7);
  model::Client client = identify(message).client;
  RelayAgent relay;
  EXPECT_TRUE(Classes(*plan, {message, client, relay, "eth1", plan->machine(mac(7))}).has("given"));
  EXPECT_FALSE(Classes(*plan, {message, client, relay, "eth1", nullptr}).has("given"));
}

TEST(Classes, LookAtTheRelaysCircuit) {
  model::ClassCondition when;
  when.relay_circuit = {"eth0/3:*"};
  DhcpMessage message = relayed(discover(), "10.0.0.9");
  wire::Options agent;
  agent.set_raw(1, Bytes{'e', 't', 'h', '0', '/', '3', ':', '7'});
  message.options.set_raw(82, wire::encode_suboptions(agent));
  EXPECT_THAT(names_of({class_when("c", when)}, message), ElementsAre("c"));
  EXPECT_THAT(names_of({class_when("c", when)}, discover()), IsEmpty());
}

}  // namespace
}  // namespace slipway::dhcp
