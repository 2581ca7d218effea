// SPDX-License-Identifier: MPL-2.0
#include "model/plan.h"

#include <gmock/gmock.h>

#include "model/ground_check.h"

namespace slipway::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Ipv4 ip(std::string_view text) {
  return *Ipv4::parse(text);
}

Subnet subnet(std::string_view network, std::string_view first, std::string_view last) {
  Subnet made;
  made.network = *Prefix::parse(network);
  made.pools = {{{ip(first), ip(last)}, "", {}}};
  made.place = {"slipway.toml", 5, 1};
  return made;
}

/// What the four-line file says.
Draft minimum() {
  Draft draft;
  draft.server.interfaces = {"eth1"};
  draft.subnets = {subnet("10.99.99.0/24", "10.99.99.210", "10.99.99.219")};
  draft.subnets[0].routers = {ip("10.99.99.1")};
  return draft;
}

Machine machine(std::string name, std::string_view mac, std::string_view address = {}) {
  Machine made;
  made.name = std::move(name);
  made.macs = {*MacAddress::parse(mac)};
  if (!address.empty()) made.address = ip(address);
  return made;
}

std::vector<std::string> errors(Draft draft) {
  std::vector<std::string> sentences;
  auto plan = Plan::build(std::move(draft), {});
  if (plan) return sentences;
  for (const Problem& problem : plan.error().problems) sentences.push_back(problem.what);
  return sentences;
}

Image image(std::string id, std::string version) {
  Image made;
  made.id = std::move(id);
  made.version = std::move(version);
  return made;
}

}  // namespace

TEST(Plan, OfTheMinimumBootsTheNewestSmartos) {
  auto plan =
      Plan::build(minimum(), {image("aa", "20240101T000000Z"), image("bb", "20250101T000000Z")}).value();
  EXPECT_EQ(plan->default_profile().name, "smartos");
  EXPECT_EQ(plan->image(plan->default_profile().image)->id, "bb");
  EXPECT_EQ(plan->subnets()[0].interface, "eth1");
}

TEST(Plan, ReportsEveryErrorAtOnce) {
  Draft draft = minimum();
  draft.subnets.push_back(subnet("10.99.0.0/16", "10.98.0.1", "10.98.0.9"));
  draft.machines = {machine("node1", "0c:c4:7a:ab:cd:ef", "10.99.99.1"),
                    machine("node1", "0c:c4:7a:ab:cd:ef")};
  draft.boot.default_profile = "smarto";
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("overlaps subnet"), HasSubstr("is not within"),
                                         HasSubstr("is the router of"), HasSubstr("both have MAC address"),
                                         HasSubstr("is there twice"), HasSubstr("no profile 'smarto'")));
}

TEST(Plan, RefusesSettingsOfTheServerThatContradictEachOther) {
  Draft draft = minimum();
  draft.server.tls_certificate = draft.server.tls_key = "/etc/slipway/server.pem";
  draft.server.tftp_write_size = 64;
  draft.server.tftp_write_total = 64;
  EXPECT_THAT(errors(draft), ElementsAre());
  draft.server.https_port = draft.server.http_port;
  draft.server.tftp_write_total = 63;
  EXPECT_THAT(errors(draft), ElementsAre("server.https-port and http-port are both 80",
                                         HasSubstr("64 MiB, is more than tftp-write-total, 63 MiB")));
}

TEST(Plan, WantsAnInterfaceAndASubnet) {
  EXPECT_THAT(errors(Draft{}), ElementsAre("no interface to serve on", "no subnet"));
}

TEST(Plan, RefusesOverlappingAndBackwardRanges) {
  Draft draft = minimum();
  draft.subnets[0].pools.push_back({{ip("10.99.99.219"), ip("10.99.99.220")}, "", {}});
  draft.subnets[0].pools.push_back({{ip("10.99.99.40"), ip("10.99.99.30")}, "", {}});
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("overlaps"), HasSubstr("ends before it starts")));
}

TEST(Plan, RefusesAPoolOfAClassThatDoesNotExist) {
  Draft draft = minimum();
  draft.subnets[0].pools[0].only_class = "thin";
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("is for class 'thin'")));
}

TEST(Plan, FindsAMachineByWhateverAnOperatorTypes) {
  Draft draft = minimum();
  draft.machines = {machine("node1", "0c:c4:7a:ab:cd:ef", "10.99.99.20")};
  draft.machines[0].uuid = Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
  auto plan = Plan::build(draft, {}).value();
  for (auto text : {"node1", "0CC47AABCDEF", "0c-c4-7a-ab-cd-ef", "10.99.99.20",
                    "564d7f5c-8f05-4a7e-9a10-0cc47aabcdef"}) {
    EXPECT_TRUE(plan->find_machine(text)) << text;
  }
  EXPECT_FALSE(plan->find_machine("node2"));
}

TEST(Plan, WantsAMachineToBeKnownBySomething) {
  Draft draft = minimum();
  draft.machines = {machine("node1", "0c:c4:7a:ab:cd:ef")};
  draft.machines[0].macs.clear();
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("has no MAC address")));
  draft.machines[0].client_id = {1};
  EXPECT_THAT(errors(draft), ElementsAre());
  draft.machines[0].relay_circuit = {1};
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("named by itself and by the port it is on")));
}

TEST(Plan, RefusesTwoMachinesKnownByTheSame) {
  Draft draft = minimum();
  draft.machines = {machine("a", "0c:c4:7a:ab:cd:e1", "10.99.99.20"),
                    machine("b", "0c:c4:7a:ab:cd:e1", "10.99.99.21"), machine("c", "0c:c4:7a:ab:cd:e2"),
                    machine("d", "0c:c4:7a:ab:cd:e3")};
  draft.machines[2].uuid = draft.machines[3].uuid = Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
  draft.machines[2].client_id = draft.machines[3].client_id = {1, 2, 3, 4, 0xff};
  EXPECT_THAT(errors(draft),
              ElementsAre("machines 'a' and 'b' both have MAC address 0c:c4:7a:ab:cd:e1",
                          "machines 'c' and 'd' both have UUID 564d7f5c-8f05-4a7e-9a10-0cc47aabcdef",
                          "machines 'c' and 'd' both have client id hex:01020304ff"));
}

TEST(Plan, TakesOneMachineOncePerSubnet) {
  Draft draft = minimum();
  draft.subnets.push_back(subnet("10.98.0.0/16", "10.98.0.1", "10.98.0.9"));
  draft.machines = {machine("a", "0c:c4:7a:ab:cd:e1", "10.99.99.20"),
                    machine("a", "0c:c4:7a:ab:cd:e1", "10.98.0.20")};
  EXPECT_THAT(errors(draft), ElementsAre());
  draft.machines.push_back(machine("b", "0c:c4:7a:ab:cd:e1", "10.98.0.21"));
  draft.machines.push_back(machine("c", "0c:c4:7a:ab:cd:e1"));
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("'a' and 'b' both"), HasSubstr("'a' and 'c' both")));
}

TEST(Plan, CutsWhatIsExcludedOutOfItsPools) {
  Draft draft = minimum();
  draft.subnets[0].excluded = {{ip("10.99.99.212"), ip("10.99.99.213")},
                               {ip("10.99.99.219"), ip("10.99.99.250")}};
  auto plan = Plan::build(draft, {}).value()->with_images({});
  std::vector<std::string> left;
  for (const Pool& pool : plan->subnets()[0].pools) {
    left.push_back(pool.range.first.to_string() + "-" + pool.range.last.to_string());
  }
  EXPECT_THAT(left, ElementsAre("10.99.99.210-10.99.99.211", "10.99.99.214-10.99.99.218"));
}

TEST(Plan, RefusesExclusionsThatCannotBeMeant) {
  Draft draft = minimum();
  draft.subnets[0].excluded = {{ip("10.99.99.5"), ip("10.99.99.4")}, {ip("10.99.98.0"), ip("10.99.99.4")}};
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("ends before it starts"), HasSubstr("is not within")));
}

TEST(Plan, WantsRenewalBeforeRebindingBeforeTheEnd) {
  using std::chrono::seconds;
  Draft draft = minimum();
  Subnet& net = draft.subnets[0];
  net.lease_time = seconds{1000};
  net.renew_time = seconds{300};
  net.rebind_time = seconds{999};
  EXPECT_THAT(errors(draft), ElementsAre());
  net.rebind_time = seconds{1000};
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("not before the end of the lease")));
  net.rebind_time = seconds{300};
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("not before rebind-time, 300 s")));
  net.rebind_time.reset();
  net.renew_time = seconds{875};
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("not before rebind-time, 875 s")));
}

TEST(Plan, RefusesAPoolForBootpWhereThatIsNotServed) {
  Draft draft = minimum();
  draft.subnets[0].pools[0].protocol = Pool::Protocol::bootp;
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("is for BOOTP clients")));
  draft.subnets[0].bootp = true;
  EXPECT_THAT(errors(draft), ElementsAre());
}

TEST(Plan, PicksTheSubnetOfAnAddress) {
  auto plan = Plan::build(minimum(), {}).value();
  EXPECT_EQ(plan->subnet_of(ip("10.99.99.7")), &plan->subnets()[0]);
  EXPECT_EQ(plan->subnet_of(ip("10.99.98.7")), nullptr);
  EXPECT_EQ(plan->subnet_of(ip("10.99.100.0")), nullptr);
}

TEST(Plan, RefusesADiskOfAMachineThatNoProfileBootsFrom) {
  Draft draft = minimum();
  Machine machine;
  machine.name = "node1";
  machine.macs = {*MacAddress::parse("0c:c4:7a:ab:cd:ef")};
  machine.san = San{};
  draft.machines = {machine};
  EXPECT_THAT(errors(draft),
              ElementsAre(HasSubstr("machine 'node1' has a `san`, and no profile boots from")));
  Profile disk;
  disk.name = "disk";
  disk.san = San{};
  draft.profiles.push_back(disk);
  EXPECT_THAT(errors(draft), ElementsAre());
}

TEST(Plan, RefusesBootModulesOfAGroupThatNamesNoMachines) {
  Draft draft = minimum();
  Group group;
  group.name = "rack";
  group.when = ClassCondition{};
  draft.groups = {group};
  EXPECT_THAT(errors(draft), ElementsAre());
  draft.groups[0].boot_files.networking = true;
  EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("group 'rack' has boot modules but names no machines")));
  Machine machine;
  machine.name = "node1";
  machine.macs = {*MacAddress::parse("0c:c4:7a:ab:cd:ef")};
  draft.machines = {machine};
  draft.groups[0].machines = {"node1"};
  EXPECT_THAT(errors(draft), ElementsAre());
}

TEST(Plan, TakesNoWritesWhereFilesAreServedFrom) {
  Draft draft = minimum();
  draft.server.state = "/var/lib/slipway/";
  for (const char* path : {"/var/lib/slipway/loaders", "/var/lib/slipway//files/logs/",
                           "/var/lib/slipway/images", "/var/lib/slipway", "/var/lib", "/"}) {
    draft.server.tftp_write = path;
    EXPECT_THAT(errors(draft), ElementsAre(HasSubstr("from which machines are served"))) << path;
  }
  for (const char* path :
       {"/var/lib/slipway/written", "/var/lib/slipway2", "/srv/logs", "/var/lib/slipway/loaders2"}) {
    draft.server.tftp_write = path;
    EXPECT_THAT(errors(draft), ElementsAre()) << path;
  }
}

TEST(GroundCheck, WantsTheInterfacesAndAnAddressOnEach) {
  auto plan = Plan::build(minimum(), {}).value();
  std::vector<LocalInterface> none{{"lo", {ip("127.0.0.1")}}}, bare{{"eth1", {}}},
      good{{"eth1", {ip("10.99.99.250")}}};
  EXPECT_THAT(check_ground(*plan, none).at(0).what,
              HasSubstr("there is no interface 'eth1'; this machine has lo"));
  EXPECT_THAT(check_ground(*plan, bare).at(0).what, HasSubstr("eth1 has no IPv4 address"));
  EXPECT_TRUE(check_ground(*plan, good).empty());
}

TEST(GroundCheck, WarnsOfASubnetWithoutAnAddressOfOursUnlessARelayServesIt) {
  Draft draft = minimum();
  draft.subnets.push_back(subnet("10.77.0.0/24", "10.77.0.5", "10.77.0.9"));
  std::vector<LocalInterface> here{{"eth1", {ip("10.99.99.250")}}};
  Problems problems = check_ground(*Plan::build(draft, {}).value(), here);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].severity, Severity::warning);
  draft.subnets[1].relays = {ip("10.77.0.1")};
  EXPECT_TRUE(check_ground(*Plan::build(draft, {}).value(), here).empty());
}

TEST(GroundCheck, SaysWhereNobodyCanBeToldThatThereIsNoRouter) {
  Draft draft = minimum();
  draft.subnets[0].no_ipv6_router = true;
  auto plan = Plan::build(draft, {}).value();
  std::vector<LocalInterface> interfaces{{"eth1", {ip("10.99.99.250")}, false}};
  Problems problems = check_ground(*plan, interfaces);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].severity, Severity::warning);
  EXPECT_THAT(problems[0].what, HasSubstr("eth1 has no IPv6 link-local address"));
  interfaces[0].has_link_local = true;
  EXPECT_TRUE(check_ground(*plan, interfaces).empty());
}

TEST(GroundCheck, WarnsOfMoreMachinesOnItsLinksThanTheKernelKnowsNeighbours) {
  Draft draft = minimum();
  draft.subnets.push_back(
      subnet("10.77.0.0/16", "10.77.16.0", "10.77.19.255"));  // 1,024 and the ten of the first
  auto plan = Plan::build(draft, {}).value();
  std::vector<LocalInterface> here{{"eth1", {ip("10.99.99.250"), ip("10.77.0.1")}}};
  Problems problems = check_ground(*plan, here, 1033);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].severity, Severity::warning);
  EXPECT_THAT(problems[0].what, HasSubstr("up to 1034 machines"));
  EXPECT_THAT(problems[0].remedy, HasSubstr("sysctl net.ipv4.neigh.default.gc_thresh3=2048"));
  EXPECT_TRUE(check_ground(*plan, here, 1034).empty());
  EXPECT_TRUE(check_ground(*plan, here).empty()) << "the kernel does not say";

  draft.subnets[1].relays = {ip("10.77.0.1")};
  here[0].addresses.pop_back();
  EXPECT_TRUE(check_ground(*Plan::build(draft, {}).value(), here, 1033).empty()) << "behind a router";
}

TEST(GroundCheck, WarnsOfAClassThatSendsToAnHttpsThatIsNotServed) {
  Draft draft = minimum();
  BootClass each;
  each.name = "secure";
  each.when = ClassCondition{};
  each.boot_file = "https://10.99.99.250/ipxe.efi";
  draft.classes = {each};
  std::vector<LocalInterface> here{{"eth1", {ip("10.99.99.250")}}};
  Problems problems = check_ground(*Plan::build(draft, {}).value(), here);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].severity, Severity::warning);
  EXPECT_THAT(problems[0].what,
              HasSubstr("https://10.99.99.250/ipxe.efi is this server's, and it serves no HTTPS"));
  for (const char* fine :
       {"https://10.99.99.1/ipxe.efi", "http://10.99.99.250/ipxe.efi", "https://boot/ipxe.efi"}) {
    draft.classes[0].boot_file = fine;
    EXPECT_TRUE(check_ground(*Plan::build(draft, {}).value(), here).empty()) << fine;
  }
  draft.classes[0].boot_file = each.boot_file;
  draft.server.tls_certificate = "/etc/slipway/boot.crt";
  draft.server.tls_key = "/etc/slipway/boot.key";
  EXPECT_TRUE(check_ground(*Plan::build(draft, {}).value(), here).empty());
}

TEST(Plan, SilencesRoutersOnTheLinkOfTheSubnetThatSaysSo) {
  Draft draft = minimum();
  draft.server.interfaces = {"eth1", "eth2"};
  draft.subnets[0].interface.clear();
  std::vector<Ipv4> here{ip("10.99.99.250")}, elsewhere{ip("10.1.0.1")};
  auto on = [&](std::string_view name, std::span<const Ipv4> addresses) {
    return Plan::build(draft, {}).value()->silences_routers_on(name, addresses) != nullptr;
  };
  EXPECT_FALSE(on("eth1", here));
  draft.subnets[0].no_ipv6_router = true;
  EXPECT_TRUE(on("eth1", here));
  EXPECT_FALSE(on("eth2", elsewhere));
  draft.subnets[0].interface = "eth2";
  EXPECT_TRUE(on("eth2", elsewhere));
  EXPECT_FALSE(on("eth1", here));
  draft.subnets[0].mode = SubnetMode::off;
  EXPECT_FALSE(on("eth2", elsewhere));
}

TEST(ImageRef, ReadsKindsVersionsAndDigests) {
  EXPECT_EQ(ImageRef::parse("smartos@latest")->to_string(), "smartos@latest");
  EXPECT_EQ(ImageRef::parse("smartos")->version, "latest");
  EXPECT_EQ(ImageRef::parse("0123456789ab")->kind, std::nullopt);
  for (auto bad : {"", "windows@latest", "smartos@", "xyz", "smartos@a/b"})
    EXPECT_FALSE(ImageRef::parse(bad)) << bad;
}

TEST(Properties, AreOverriddenInPlaceByName) {
  Properties base{{"smartos", "true", {}}, {"console", "ttyb", {}}};
  EXPECT_EQ(merged(base, {{"console", "text", {}}, {"noimport", "true", {}}}),
            (Properties{{"smartos", "true", {}}, {"console", "text", {}}, {"noimport", "true", {}}}));
}

}  // namespace slipway::model
