// SPDX-License-Identifier: MPL-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "boot/test_plan.h"
#include "exports/snippets.h"
#include "exports/tree.h"

namespace slipway::exports {
namespace {

using boot::testing::draft;
using boot::testing::plan_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Site site() {
  return {{*Ipv4::parse("10.99.99.250"), 80, 69}, {"undionly.kpxe", "ipxe.efi", "ipxe-arm64.efi"}};
}

/// Two subnets, holes in a pool, a reservation, and one that cannot be carried over.
std::shared_ptr<const model::Plan> rack_plan() {
  model::Draft made = draft();
  model::Subnet& first = made.subnets[0];
  first.routers = {*Ipv4::parse("10.99.99.1")};
  first.dns = {*Ipv4::parse("10.99.99.1"), *Ipv4::parse("10.99.99.2")};
  first.domain = "rack.example";
  first.excluded = {{*Ipv4::parse("10.99.99.213"), *Ipv4::parse("10.99.99.214")}};
  model::Subnet second;
  second.network = *Prefix::parse("10.99.100.0/24");
  made.subnets.push_back(second);
  made.machines[0].address = *Ipv4::parse("10.99.99.20");
  model::Machine by_uuid;
  by_uuid.name = "node2";
  by_uuid.uuid = Uuid::parse("00112233-4455-6677-8899-aabbccddeeff");
  by_uuid.address = *Ipv4::parse("10.99.100.20");
  made.machines.push_back(by_uuid);
  return plan_of(std::move(made));
}

TEST(Exports, SnippetsAreWhatTheOtherServersRead) {
  auto plan = rack_plan();
  expect_file_says("tests/golden/exports/dhcpd.conf", dhcpd_conf(*plan, site()));
  expect_file_says("tests/golden/exports/kea-dhcp4.conf", kea_conf(*plan, site()));
  expect_file_says("tests/golden/exports/dnsmasq.conf", dnsmasq_conf(*plan, site()));
}

TEST(Exports, SayWhatTheyCannotCarryOver) {
  EXPECT_THAT(left_out(*plan_of(draft())), ElementsAre());
  EXPECT_THAT(left_out(*rack_plan()), ElementsAre("machine node2: its reservation, for it has no mac"));
}

TEST(Exports, NameNoHostWhatIsNoHostName) {
  for (const char* name : {"", "node 1", "a/b", "{x}", "-a", "10", "ignore", "b\u00fcro"}) {
    model::Draft made = draft();
    made.machines[0].name = name;
    made.machines[0].address = *Ipv4::parse("10.99.99.20");
    auto plan = plan_of(std::move(made));
    std::string mac = plan->machines()[0].macs[0].hyphens();
    EXPECT_THAT(dhcpd_conf(*plan, site()), HasSubstr("host machine-" + mac + " {")) << name;
    EXPECT_THAT(dnsmasq_conf(*plan, site()), HasSubstr(",10.99.99.20\n")) << name;
    EXPECT_THAT(kea_conf(*plan, site()), Not(HasSubstr("hostname"))) << name;
    EXPECT_THAT(left_out(*plan).size(), *name ? 1u : 0u) << name;
  }
}

TEST(Exports, SayThatTheyAnswerWhomWeIgnore) {
  model::Draft made = draft();
  made.boot.unknown = model::UnknownPolicy::ignore;
  made.subnets[0].bootp = true;
  made.subnets[0].pools[0].protocol = model::Pool::Protocol::bootp;
  EXPECT_THAT(left_out(*plan_of(std::move(made))),
              ElementsAre(HasSubstr("is for BOOTP clients only"), HasSubstr("unknown = \"ignore\"")));
}

TEST(Exports, HandOutOnlyLoadersThatAreThere) {
  Site bare = site();
  bare.loaders = {"undionly.kpxe"};
  for (auto render : {dhcpd_conf, kea_conf, dnsmasq_conf}) {
    std::string text = render(*rack_plan(), bare);
    EXPECT_THAT(text, HasSubstr("undionly.kpxe"));
    EXPECT_THAT(text, Not(HasSubstr(".efi")));
  }
}

TEST(Exports, WithoutHttpNothingNamesIt) {
  Site by_tftp = site();
  by_tftp.base.by_tftp = true;
  auto plan = rack_plan();
  std::string all = dhcpd_conf(*plan, by_tftp) + kea_conf(*plan, by_tftp) + dnsmasq_conf(*plan, by_tftp);
  for (const TreeFile& file : tree(*plan, by_tftp).files) {
    if (auto* text = std::get_if<std::string>(&file.content)) all += *text;
  }
  EXPECT_THAT(all, HasSubstr("tftp://10.99.99.250/os/20240102T030405Z/platform/i86pc/kernel/amd64/unix"));
  EXPECT_THAT(all, Not(HasSubstr("http://10.99.99.250")));
  EXPECT_THAT(all, Not(HasSubstr("HTTPClient")));
}

TEST(Exports, HolesInAPoolAreNoAddresses) {
  model::Subnet subnet;
  auto range = [](int first, int last) {
    auto at = [](int n) { return Ipv4{0x0a000000u + static_cast<std::uint32_t>(n)}; };
    return model::AddressRange{at(first), at(last)};
  };
  auto free_of = [&](std::vector<model::AddressRange> holes) {
    subnet.excluded = std::move(holes);
    std::string text;
    for (auto& left : free_ranges(subnet, {range(10, 20), "", {}}))
      text += fmt::format("{}-{} ", left.first.value & 0xff, left.last.value & 0xff);
    return text;
  };
  EXPECT_EQ(free_of({}), "10-20 ");
  EXPECT_EQ(free_of({range(15, 15), range(12, 13)}), "10-11 14-14 16-20 ");
  EXPECT_EQ(free_of({range(1, 10), range(20, 30)}), "11-19 ");
  EXPECT_EQ(free_of({range(5, 15), range(12, 17)}), "18-20 ");
  EXPECT_EQ(free_of({range(1, 40)}), "");
  EXPECT_EQ(free_of({range(30, 40), range(1, 9)}), "10-20 ");
}

std::vector<std::string> paths_of(const Tree& tree) {
  std::vector<std::string> paths;
  for (const TreeFile& file : tree.files) paths.push_back(file.path);
  return paths;
}

TEST(Exports, TheTreeHasEverythingItsScriptsName) {
  EXPECT_THAT(paths_of(tree(*rack_plan(), site())),
              ElementsAre("boot.ipxe", "boot/0c-c4-7a-ab-cd-ef.ipxe", "boot/default.ipxe",
                          "boot/grub/grub.cfg", "boot/grub/grub.cfg-01-0c-c4-7a-ab-cd-ef",
                          "boot/grub/menu.lst", "ipxe-arm64.efi", "ipxe.efi", "menu.lst",
                          "menu.lst.010CC47AABCDEF", "os/20240102T030405Z/platform/i86pc/amd64/boot_archive",
                          "os/20240102T030405Z/platform/i86pc/amd64/boot_archive.hash",
                          "os/20240102T030405Z/platform/i86pc/kernel/amd64/unix",
                          "pxelinux.cfg/01-0c-c4-7a-ab-cd-ef", "pxelinux.cfg/default", "undionly.kpxe"));
}

TEST(Exports, BriefNamesAreThereWhereAScriptNeedsThem) {
  model::Draft made = draft();
  std::string value(240, 'x');
  made.profiles[0].properties.push_back({"long", value, {}});
  Tree all = tree(*plan_of(std::move(made)), site());
  EXPECT_THAT(paths_of(all), testing::Contains("s/aaaaaaaaaaaa/platform/i86pc/kernel/amd64/unix"));
  EXPECT_THAT(paths_of(all), testing::Contains("os/20240102T030405Z/platform/i86pc/kernel/amd64/unix"));
}

TEST(Exports, AMachineThatCannotBootIsToldOfAndHasAScriptThatSaysSo) {
  Tree empty = tree(*plan_of(draft(), {}), site());
  ASSERT_EQ(empty.refused.size(), 2u);
  EXPECT_EQ(empty.refused[0].machine, "machines that are not named");
  EXPECT_EQ(empty.refused[1].machine, "node1");
  for (const TreeFile& file : empty.files) {
    if (file.path != "boot/0c-c4-7a-ab-cd-ef.ipxe") continue;
    EXPECT_THAT(std::get<std::string>(file.content), HasSubstr("no smartos image in the store"));
    EXPECT_THAT(std::get<std::string>(file.content), Not(HasSubstr("slipway explain")))
        << "nobody there to ask";
  }
}

TEST(Exports, ADiskThatWantsCredentialsIsRefusedForItsFilesAreAnybodys) {
  model::Draft made = draft();
  made.profiles[0].image = {};
  made.profiles[0].properties.clear();
  model::San san;
  san.target = "iqn.2024-01.example.rack:{name}";
  san.portal = *Ipv4::parse("10.99.99.5");
  made.profiles[0].san = san;
  EXPECT_TRUE(tree(*plan_of(made), site()).refused.empty());
  made.profiles[0].san->credentials = {
      "/chap", std::make_shared<const std::string>("node1\nmachine-secret\n"), {}, {}};
  Tree guarded = tree(*plan_of(made), site());
  ASSERT_EQ(guarded.refused.size(), 2u);
  EXPECT_THAT(guarded.refused[1].sentence, HasSubstr("wants credentials"));
  for (const TreeFile& file : guarded.files) {
    if (auto* text = std::get_if<std::string>(&file.content)) {
      EXPECT_THAT(*text, Not(HasSubstr("set password"))) << file.path;
    }
  }
}

TEST(Exports, CountsTheBootModulesThatEverybodyCanRead) {
  EXPECT_EQ(tree(*rack_plan(), site()).boot_modules, 0u);
  model::Draft made = draft();
  made.profiles[0].boot_files.modules = {
      {"a", {"/a", std::make_shared<const std::string>("x"), "sum", {}}, {}}};
  EXPECT_EQ(tree(*plan_of(made), site()).boot_modules, 2u) << "for node1 and for whoever is not named";
}

TEST(Exports, SaysWhatTheLoadersOfItsFilesCannotDo) {
  for (const Flaw& flaw : tree(*rack_plan(), site()).flaws) {
    EXPECT_EQ(flaw.finding.id(), "rescue-login")
        << "which is so of every rescue without a password of its own";
  }
  model::Draft made = draft();
  made.profiles[0].properties.push_back({"root_shadow", "hash", {}});
  EXPECT_TRUE(tree(*plan_of(made), site()).flaws.empty());
  made.profiles[0].properties.push_back({"words", "two words", {}});
  Tree flawed = tree(*plan_of(std::move(made)), site());
  auto grub = std::find_if(flawed.flaws.begin(), flawed.flaws.end(),
                           [](const Flaw& flaw) { return flaw.finding.id() == "grub-quotes"; });
  ASSERT_NE(grub, flawed.flaws.end());
  EXPECT_EQ(grub->path, "boot/grub/grub.cfg");
  EXPECT_EQ(grub->files, 2u) << "for node1, and for whoever is not named";
}

TEST(Exports, WhoHasNoScriptOfItsOwnIsSentToTheOneForAll) {
  for (const TreeFile& file : tree(*rack_plan(), site()).files) {
    if (file.path == "boot.ipxe") {
      EXPECT_THAT(std::get<std::string>(file.content),
                  HasSubstr("|| chain --replace --autofree http://10.99.99.250/boot/default.ipxe || "));
    }
    if (file.path == "boot/default.ipxe") {
      EXPECT_THAT(std::get<std::string>(file.content),
                  HasSubstr("chain --replace --autofree http://10.99.99.250/boot.ipxe || "));
    }
  }
}

}  // namespace
}  // namespace slipway::exports
