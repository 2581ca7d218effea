// SPDX-License-Identifier: MPL-2.0
#include "boot/boot_files.h"

#include "base/sha1.h"
#include "boot/budget.h"
#include "boot/grub_cfg.h"
#include "boot/lint.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::context;
using testing::draft;
using testing::plan_of;

model::LocalFile file(const std::string& text) {
  return {"/etc/slipway/f", std::make_shared<const std::string>(text), sha1_hex(text), {}};
}

/// A machine with an address, on a subnet that has everything.
model::Draft site() {
  model::Draft made = draft();
  made.subnets[0].routers = {*Ipv4::parse("10.99.99.1")};
  made.subnets[0].dns = {*Ipv4::parse("10.99.99.1"), *Ipv4::parse("10.99.99.2")};
  made.subnets[0].domain = "rack.example";
  made.machines[0].address = *Ipv4::parse("10.99.99.20");
  return made;
}

Boot boot_of(const model::Plan& plan, const model::Client& client = testing::bios_ipxe()) {
  Decision decision = decide(plan, client);
  const auto* refusal = std::get_if<Refusal>(&decision);
  EXPECT_FALSE(refusal) << refusal->sentence;
  return refusal ? Boot{} : std::get<Boot>(decision);
}

std::string text_of(const Boot& boot, std::string_view name) {
  for (const Module& module : boot.entries.at(0).modules) {
    if (module.origin == Module::Origin::machine && module.file == name) return *module.content;
  }
  return "none";
}

std::string why_not(const model::Plan& plan) {
  Decision decision = decide(plan, testing::bios_ipxe());
  auto* refusal = std::get_if<Refusal>(&decision);
  return refusal ? refusal->sentence : "it boots";
}

TEST(BootFiles, OfTheMachineComeBeforeItsGroupsAndTheProfiles) {
  model::Draft made = site();
  made.profiles[0].boot_files.modules = {
      {"a", file("profile"), {}}, {"b", file("profile"), {}}, {"c", file("profile"), {}}};
  model::Group group;
  group.name = "rack";
  group.machines = {"node1"};
  group.boot_files.modules = {{"b", file("group"), {}}, {"c", file("group"), {}}};
  made.groups = {group};
  made.machines[0].boot_files.modules = {{"c", file("machine"), {}}};
  Boot boot = boot_of(*plan_of(made));
  EXPECT_EQ(text_of(boot, "a"), "profile");
  EXPECT_EQ(text_of(boot, "b"), "group");
  EXPECT_EQ(text_of(boot, "c"), "machine");
}

TEST(BootFiles, AreTypedAndGoWithTheirHashes) {
  model::Draft made = site();
  made.profiles[0].boot_files.modules = {{"etc/system", file("abc"), {}}};
  Boot boot = boot_of(*plan_of(made));
  const auto& modules = boot.entries[0].modules;
  ASSERT_EQ(modules.size(), 4u);
  EXPECT_EQ(modules[2].type, Module::Type::file);
  EXPECT_EQ(modules[2].name, "etc/system");
  EXPECT_EQ(modules[3].type, Module::Type::hash);
  EXPECT_EQ(modules[3].name, "etc/system");
  EXPECT_EQ(text_of(boot, "etc/system.hash"), "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180-4
}

TEST(BootFiles, MakeNetworkingFromWhatTheFileSaysOfAMachine) {
  model::Draft made = site();
  made.profiles[0].boot_files.networking = true;
  EXPECT_EQ(text_of(boot_of(*plan_of(made)), "networking.json"),
            R"({"hostname":"node1","dns_domain":"rack.example","resolvers":["10.99.99.1","10.99.99.2"],)"
            R"("routes":{},"nictags":[{"name":"admin","mac":"0c:c4:7a:ab:cd:ef"}],)"
            R"("vnics":[{"nic_tag":"admin","mac":"0c:c4:7a:ab:cd:ef","ip":"10.99.99.20",)"
            R"("netmask":"255.255.255.0","gateway":"10.99.99.1"}]})"
            "\n");
  made.machines[0].boot_files.networking = false;
  EXPECT_EQ(text_of(boot_of(*plan_of(made)), "networking.json"), "none");
}

TEST(BootFiles, SayDhcpForAMachineWithoutAnAddress) {
  model::Draft made = site();
  made.profiles[0].boot_files.networking = true;
  std::string text = text_of(boot_of(*plan_of(made), testing::stranger()), "networking.json");
  EXPECT_NE(text.find(R"("mac":"52:54:00:00:00:01","ip":"dhcp"})"), text.npos) << text;
}

TEST(BootFiles, AnswerWhatTheSettingsKnowAndEraseNoDiskUnasked) {
  model::Draft made = site();
  made.profiles[0].boot_files.answers =
      model::Properties{{"root_password", "12 digits", {}}, {"admin_ip", "dhcp", {}}};
  auto plan = plan_of(made);
  Boot boot = boot_of(*plan);
  EXPECT_EQ(
      text_of(boot, "answers.json"),
      R"({"config_console":"text","skip_instructions":"true","simple_headers":"true",)"
      R"("skip_final_summary":"true","admin_nic":"0c:c4:7a:ab:cd:ef","admin_ip":"dhcp","hostname":"node1",)"
      R"("admin_netmask":"255.255.255.0","headnode_default_gateway":"10.99.99.1",)"
      R"("dns_resolver1":"10.99.99.1","dns_resolver2":"10.99.99.2","dns_search":"rack.example",)"
      R"("root_password":"12 digits"})"
      "\n");
  Findings findings = lint(Decision(boot), context());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, Rule::answers_wait)
      << "skip_final_confirm is nobody's to say but the operator's";
}

TEST(BootFiles, AreCountedInTheBudgetOfTheReferencesVector) {
  model::Draft made = site();
  made.profiles[0].boot_files.networking = true;
  made.profiles[0].console = "ttyb";
  made.profiles[0].properties = {{"smartos", "false", {}}, {"noimport", "true", {}}};
  auto plan = plan_of(made);  // entries point into it
  Boot boot = boot_of(*plan);
  auto bytes = bytes_needed(handovers(boot.entries[0], context().base, testing::mac(), Wording{}));
  EXPECT_EQ(bytes, 524u);
  boot.limits.modules = 1;
  Findings findings = lint(Decision(boot), context());
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(),
                          [](auto& finding) { return finding.rule == Rule::module_count; }));
}

TEST(BootFiles, StandInEveryLoadersConfiguration) {
  model::Draft made = site();
  made.profiles[0].boot_files.networking = true;
  auto plan = plan_of(made);
  Decision decision = decide(*plan, testing::bios_ipxe());
  std::string at = "bootfs/0cc47aabcdef/networking.json";
  auto has = [](const std::string& text, const std::string& part) { return text.find(part) != text.npos; };
  std::string ipxe = ipxe_script(decision, context());
  EXPECT_TRUE(has(ipxe, "module http://10.99.99.250/" + at + " type=file name=networking.json ||")) << ipxe;
  EXPECT_TRUE(has(ipxe, at + ".hash type=hash name=networking.json ||")) << ipxe;
  EXPECT_TRUE(
      has(pxelinux_config(decision, context()), " --- " + at + " type=file name=networking.json --- "));
  EXPECT_TRUE(has(menu_lst(decision, context()), "\nmodule /" + at + " type=file name=networking.json\n"));
  EXPECT_TRUE(has(grub_cfg(decision, context()), "/" + at + " type=file name=networking.json\n"));
}

TEST(BootFiles, OfTwoProfilesOfOneMenuKeepApart) {
  model::Draft made = site();
  made.boot.unknown = model::UnknownPolicy::menu;
  made.profiles.push_back(testing::profile("other"));
  made.profiles[0].boot_files.modules = {{"a", file("one"), {}}};
  made.profiles[1].boot_files.modules = {{"a", file("two"), {}}};
  auto plan = plan_of(made);
  Decision decision = decide(*plan, testing::stranger());
  const Boot& boot = std::get<Boot>(decision);
  ASSERT_EQ(boot.entries.size(), 2u);
  for (const Entry& entry : boot.entries) {
    const Module& module = entry.modules.at(2);
    EXPECT_EQ(module.name, "a");
    ASSERT_TRUE(boot_module(decision, module.file));
    EXPECT_EQ(boot_module(decision, module.file)->content, module.content);
  }
}

TEST(BootFiles, ThatCannotBeServedOrReadKeepAMachineFromBooting) {
  auto with = [](const std::string& name, model::LocalFile made_of) {
    model::Draft made = site();
    made.profiles[0].boot_files.modules = {{name, std::move(made_of), {}}};
    return why_not(*plan_of(made));
  };
  EXPECT_EQ(with("a", {"/x", nullptr, {}, "cannot be read: No such file or directory"}),
            "boot module a: /x cannot be read: No such file or directory");
  EXPECT_EQ(with("networking.json", file("{")).find("networking.json is no JSON object"), 0u);
  EXPECT_EQ(with("answers.json", file("[]")), "answers.json is no JSON object");
  EXPECT_EQ(with("networking.json", file(R"({"hostname":"a;reboot"})")),
            "networking.json holds \"a;reboot\", which is more than text to a shell");
  EXPECT_EQ(with("networking.json", file(R"({"nictag_rules":{"a":"-e vxlan -s svp"}})")), "it boots");
}

struct RuleCase {
  Rule rule;
  std::string name, breaks, keeps;
};

TEST(BootFiles, BreakAndKeepEachOfTheirRules) {
  std::string all = R"("config_console":"text","root_password":"p","skip_final_confirm":"true")";
  std::vector<RuleCase> cases{
      {Rule::boot_file_json, "networking.json", "{\"a\":}", "{\"a\":1}"},
      {Rule::boot_file_json, "answers.json", "7", "{}"},
      {Rule::boot_file_shell, "networking.json", R"x({"a":["$(b)"]})x", R"({"a":["b"]})"},
      {Rule::boot_file_shell, "networking.json", R"({"a b":1})", R"({"a_b":1})"},
      {Rule::boot_file_shell, "answers.json", R"({"root_password":"a'b"})", R"({"root_password":"a b"})"},
      {Rule::answers_wait, "answers.json", R"({"root_password":"p","skip_final_confirm":"true"})",
       "{" + all + "}"},
  };
  KernelArgs smartos{{}, {{"smartos", "true", {}}}, {}};
  auto found = [&](const RuleCase& one, const std::string& text) {
    Findings findings = check({{one.name, std::make_shared<const std::string>(text), "", ""}}, smartos);
    return std::any_of(findings.begin(), findings.end(), [&](auto& f) { return f.rule == one.rule; });
  };
  for (const RuleCase& one : cases) {
    EXPECT_TRUE(found(one, one.breaks)) << one.breaks;
    EXPECT_FALSE(found(one, one.keeps)) << one.keeps;
  }
  std::vector<BootFile> answers{
      {"answers.json", std::make_shared<const std::string>("{" + all + "}"), "", ""}};
  EXPECT_TRUE(check(answers, smartos).empty());
  ASSERT_EQ(check(answers, {}).size(), 1u);
  EXPECT_EQ(check(answers, {})[0].rule, Rule::answers_smartos);
  std::vector<BootFile> unread{{"a", nullptr, "", "/x cannot be read"}};
  EXPECT_EQ(check(unread, smartos).at(0).rule, Rule::boot_file_unread);
}

TEST(BootFiles, AreNotAFileAndAFolder) {
  auto text = std::make_shared<const std::string>("x");
  Findings findings =
      check({{"etc/system", text, "", ""}, {"etc", text, "", ""}, {"etc2", text, "", ""}}, {});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, Rule::boot_file_folder);
  EXPECT_EQ(findings[0].sentence, "boot module etc is a file, and the folder of etc/system");
}

bool warns_of_its_address(const model::Draft& made, const model::Client& client = testing::bios_ipxe()) {
  Findings findings = lint_entries(decide(*plan_of(made), client));
  return std::any_of(findings.begin(), findings.end(),
                     [](auto& finding) { return finding.rule == Rule::own_address; });
}

TEST(BootFiles, AreWarnedOfWhereNoAddressCanBeKnownAsTheMachinesOwn) {
  model::Draft made = draft();
  made.subnets[0].mode = model::SubnetMode::off;
  EXPECT_FALSE(warns_of_its_address(made)) << "there is none";
  made.profiles[0].boot_files.modules = {{"a", file("x"), {}}};
  EXPECT_TRUE(warns_of_its_address(made));
  EXPECT_TRUE(warns_of_its_address(made, testing::stranger()));
  for (model::SubnetMode mode : {model::SubnetMode::dhcp, model::SubnetMode::proxy}) {
    made.subnets[0].mode = mode;
    EXPECT_FALSE(warns_of_its_address(made));
  }
  made.subnets[0].mode = model::SubnetMode::dhcp;
  made.subnets[0].pools.clear();
  EXPECT_TRUE(warns_of_its_address(made)) << "there is no address to give";
  made.machines[0].address = *Ipv4::parse("10.99.99.20");
  EXPECT_FALSE(warns_of_its_address(made));
}

TEST(BootFiles, AreWarnedOfByTheSubnetTheMachineIsInOnceThatIsKnown) {
  model::Draft made = draft();
  model::Subnet other;
  other.network = *Prefix::parse("10.1.0.0/24");
  other.mode = model::SubnetMode::off;
  made.subnets.push_back(other);
  made.profiles[0].boot_files.modules = {{"a", file("x"), {}}};
  model::Client client = testing::bios_ipxe();
  EXPECT_FALSE(warns_of_its_address(made, client));
  client.address = *Ipv4::parse("10.1.0.7");
  EXPECT_TRUE(warns_of_its_address(made, client));
  client.address = *Ipv4::parse("10.99.99.211");
  EXPECT_FALSE(warns_of_its_address(made, client));
}

}  // namespace
}  // namespace slipway::boot
