// SPDX-License-Identifier: MPL-2.0
#include "boot/san.h"

#include "boot/ipxe_script.h"
#include "boot/lint.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::context;
using testing::draft;
using testing::plan_of;

model::San said() {
  model::San san;
  san.target = "iqn.2024-01.example.rack:{name}";
  san.portal = *Ipv4::parse("10.99.99.5");
  san.initiator = "iqn.2024-01.example.rack:init-{mac}";
  return san;
}

model::LocalFile credentials(const std::string& text) {
  return {"/etc/slipway/chap", std::make_shared<const std::string>(text), {}, {}};
}

/// node1's profile boots this disk.
model::Draft site(model::San san) {
  model::Draft made = draft();
  made.profiles[0].image = {};
  made.profiles[0].san = std::move(san);
  made.profiles[0].properties.clear();
  return made;
}

model::Client iscsi_ipxe() {
  model::Client client = testing::bios_ipxe();
  client.features.iscsi = true;
  return client;
}

bool found(const Findings& findings, Rule rule) {
  return std::any_of(findings.begin(), findings.end(), [&](auto& finding) { return finding.rule == rule; });
}

TEST(San, IsADiskPutTogetherFromProfileAndMachine) {
  model::Draft made = site(said());
  model::San own;
  own.lun = 16;
  own.port = 3261;
  made.machines[0].san = own;
  auto disk = san_of(made.profiles[0], &made.machines[0], testing::mac());
  ASSERT_TRUE(disk);
  EXPECT_EQ(disk->uri, "iscsi:10.99.99.5::3261:10:iqn.2024-01.example.rack:node1");
  EXPECT_EQ(disk->initiator, "iqn.2024-01.example.rack:init-0cc47aabcdef");
  EXPECT_TRUE(disk->findings.empty());
}

TEST(San, IsStartedByAScriptThatTellsTheSecretsToTheMachineAlone) {
  model::San san = said();
  san.credentials = credentials("node1\nmachine-secret\ntarget\ntarget-secret1\n");
  Decision decision = decide(*plan_of(site(san)), iscsi_ipxe());
  EXPECT_TRUE(has_secrets(decision));
  std::string shown = ipxe_script(decision, context());
  EXPECT_EQ(shown.find("machine-secret"), shown.npos);
  EXPECT_EQ(shown.find("target-secret1"), shown.npos);
  ScriptContext own = context();
  own.secrets = true;
  std::string script = ipxe_script(decision, own);
  testing::expect_golden("san.ipxe", script);
  EXPECT_FALSE(has_errors(lint_ipxe(script)));
}

TEST(San, WithSecretsIsWarnedOfWhereNoAddressCanBeKnownAsTheMachinesOwn) {
  model::San san = said();
  auto warned = [&] {
    model::Draft made = site(san);
    made.subnets[0].mode = model::SubnetMode::off;
    return found(lint_entries(decide(*plan_of(made), iscsi_ipxe())), Rule::own_address);
  };
  EXPECT_FALSE(warned());
  san.credentials = credentials("node1\nmachine-secret\n");
  EXPECT_TRUE(warned());
}

TEST(San, OfAMachineWhoseProfileBootsAnImageIsSaidToMeanNothing) {
  model::Draft made = draft();
  made.profiles.push_back(testing::profile("disk"));
  made.profiles[1].san = said();
  EXPECT_FALSE(found(lint_entries(decide(*plan_of(made), iscsi_ipxe())), Rule::settings_ignored));
  made.machines[0].san = model::San{};
  EXPECT_TRUE(found(lint_entries(decide(*plan_of(made), iscsi_ipxe())), Rule::settings_ignored));
}

TEST(San, NeedsAnIpxeWithIscsi) {
  Decision decision = decide(*plan_of(site(said())), testing::bios_ipxe());
  EXPECT_EQ(std::get<Refusal>(decision).why, Refusal::Why::no_iscsi);
}

TEST(San, IsARootPathForWhoStartsFromItAlone) {
  auto plan = plan_of(site(said()));
  EXPECT_EQ(san_root_path(*plan, testing::bios_ipxe()),
            "iscsi:10.99.99.5::3260:0:iqn.2024-01.example.rack:node1");
  EXPECT_EQ(san_root_path(*plan_of(draft()), testing::bios_ipxe()), "");
}

TEST(San, BreaksAndKeepsEachOfItsRules) {
  auto findings = [](const model::San& san) {
    model::Draft made = site(san);
    return san_of(made.profiles[0], &made.machines[0], testing::mac())->findings;
  };
  model::San whole = said();
  whole.credentials = credentials("node1\n123456789012\n");
  EXPECT_TRUE(findings(whole).empty());
  for (const char* target : {"", "disk", "iqn.2024-01.Example:a", "iqn.2024-01.example:a b"}) {
    model::San san = whole;
    san.target = target;
    EXPECT_TRUE(found(findings(san), Rule::san_target)) << target;
  }
  for (const char* text : {"", "one\n", "a\nb\nc\n", "a\nb c\n", "a\n${b}\n"}) {
    model::San san = whole;
    san.credentials = credentials(text);
    EXPECT_TRUE(found(findings(san), Rule::san_credentials)) << text;
  }
  model::San san = whole;
  san.credentials = {"/x", nullptr, {}, "cannot be read: Permission denied"};
  EXPECT_EQ(findings(san).at(0).sentence, "credentials /x cannot be read: Permission denied");
  san.credentials = credentials("node1\nshort\n");
  EXPECT_TRUE(found(findings(san), Rule::san_secret));
  EXPECT_EQ(findings(san).at(0).sentence.find("short"), std::string::npos) << "secrets are in no finding";
}

}  // namespace
}  // namespace slipway::boot
