// SPDX-License-Identifier: MPL-2.0
#include "config/config.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "config/boot_files.h"
#include "config/settings.h"
#include "config/toml.h"

namespace slipway::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view minimum = R"(interface = "eth1"
network = "10.99.99.0/24"
range = "10.99.99.210-10.99.99.219"
router = "10.99.99.1"
)";

constexpr std::string_view everything = R"(
[server]
interfaces = ["eth1"]
state = "/var/lib/slipway"

[[subnet]]
network = "10.99.99.0/24"
range   = ["10.99.99.210-10.99.99.219"]
router  = "10.99.99.1"
dns     = ["10.99.99.1"]
lease-time = "2h"
options = { ntp-servers = ["10.99.99.1", "10.99.99.2"], 209 = "pxelinux.cfg/default", 224 = "hex:0a0b" }

[[subnet.pool]]
range = "10.99.99.30-10.99.99.40"
class = "old-thinclients"

[profile.smartos]
image      = "smartos@latest"
console    = "ttyb"
properties = { smartos = true, boot-ncpus = 4 }
variants   = ["rescue", "kmdb"]

[boot]
default = "smartos"
timeout = 30

[[machine]]
name = "node1"
mac  = "0c:c4:7a:ab:cd:ef"
address = "10.99.99.20"
properties = { console = "text" }

[[class]]
name = "old-thinclients"
when = { arch = [0], vendor-class = "PXEClient*", option = { 175 = "present" } }
boot-file = "undionly.kpxe"
)";

std::shared_ptr<const model::Plan> plan(std::string_view text) {
  auto loaded = load_text(text, "slipway.toml", {});
  if (!loaded) {
    for (const Problem& problem : loaded.error().problems) ADD_FAILURE() << problem.to_string();
    return nullptr;
  }
  return *loaded;
}

std::vector<std::string> problems(std::string_view text) {
  std::vector<std::string> lines;
  auto loaded = load_text(text, "f", {});
  if (loaded) return lines;
  for (const Problem& problem : loaded.error().problems) lines.push_back(problem.to_string());
  return lines;
}

}  // namespace

TEST(Config, MayBeFourLines) {
  auto world = plan(minimum);
  ASSERT_TRUE(world);
  EXPECT_THAT(world->server().interfaces, ElementsAre("eth1"));
  EXPECT_EQ(world->subnets().at(0).pools.at(0).range.size(), 10u);
  EXPECT_EQ(world->default_profile().image.to_string(), "smartos@latest");
}

TEST(Config, ReadsEverySection) {
  auto world = plan(everything);
  ASSERT_TRUE(world);
  const model::Subnet& subnet = world->subnets().at(0);
  EXPECT_EQ(subnet.lease_time, std::chrono::hours{2});
  EXPECT_EQ(subnet.pools.at(1).only_class, "old-thinclients");
  EXPECT_THAT(subnet.options.values,
              ElementsAre(model::RawOption{42, {10, 99, 99, 1, 10, 99, 99, 2}},
                          model::RawOption{209, Bytes(as_bytes("pxelinux.cfg/default").begin(),
                                                      as_bytes("pxelinux.cfg/default").end())},
                          model::RawOption{224, {10, 11}}));
  const model::Profile& profile = world->default_profile();
  EXPECT_EQ(profile.console, "ttyb");
  EXPECT_EQ(profile.properties, (model::Properties{{"smartos", "true", {}}, {"boot-ncpus", "4", {}}}));
  EXPECT_THAT(profile.variants, ElementsAre(model::Variant::rescue, model::Variant::kmdb));
  EXPECT_EQ(world->find_machine("node1")->address, Ipv4::parse("10.99.99.20"));
  EXPECT_EQ(world->classes().at(0).when->options.at(0).kind,
            model::ClassCondition::OptionTest::Kind::present);
}

TEST(Config, ReadsWhatShowsThatAMachineIsUp) {
  auto with = [](const std::string& probe) {
    return "interface = \"e\"\nnetwork = \"10.0.0.0/24\"\n[profile.x]\nimage = \"smartos@latest\"\nprobe = "
           "\"" +
           probe + "\"\nup-within = \"2m\"\n";
  };
  for (const char* probe : {"dhcp", "tcp:22", "tcp:65535", "call", "stay"}) {
    auto world = load_text(with(probe), "f", {});
    ASSERT_TRUE(world) << probe;
    const model::UpRule& rule = (*world)->default_profile().up;
    EXPECT_EQ(to_string(rule), probe);
    EXPECT_TRUE(rule.said);
    EXPECT_EQ(rule.within, std::chrono::minutes(2));
  }
  for (const char* probe : {"", "tcp", "tcp:", "tcp:0", "tcp:65536", "tcp:22x", "udp:22", "ping"})
    EXPECT_THAT(problems(with(probe)),
                testing::Contains(HasSubstr("nothing that shows that a machine is up")))
        << probe;
}

TEST(Config, NamesTheNearestKeyOfAnUnknownOne) {
  EXPECT_THAT(problems("interface = \"eth1\"\nnetwrok = \"10.0.0.0/24\"\n"),
              testing::Contains("f:2:1: error: unknown key 'netwrok'; did you mean 'network'?"));
  EXPECT_THAT(
      problems("[server]\ninterfcaes = [\"e\"]\n"),
      testing::Contains("f:2:1: error: unknown key 'interfcaes' in [server]; did you mean 'interfaces'?"));
}

TEST(Config, TranslatesTheWordsOfDhcpd) {
  EXPECT_THAT(problems("interface = \"e\"\nnetwork = \"10.0.0.0/24\"\ndomain-name-servers = \"10.0.0.1\"\n"),
              testing::Contains(HasSubstr("here it is called 'dns'")));
}

TEST(Config, ReportsEveryErrorOfAFileAtOnceInItsOrder) {
  auto found = problems(R"([server]
interfaces = ["eth1"]
http-port = 99999
[[subnet]]
network = "10.99.99.1/24"
range = "10.99.99.9-10.99.99.x"
[boot]
timeout = "soon"
[[machine]]
name = "a"
mac = "0c:c4:7a:ab:cd"
[profile.x]
image = "windows@latest"
console = "ttyz"
)");
  EXPECT_THAT(found, ElementsAre(HasSubstr("f:3:13: error: '99999' is not a port"),
                                 HasSubstr("f:5:11: error: '10.99.99.1/24' is not a network"),
                                 HasSubstr("f:6:9: error: '10.99.99.9-10.99.99.x' is not a range"),
                                 HasSubstr("f:8:11: error: 'soon' is not a time"),
                                 HasSubstr("f:11:7: error: '0c:c4:7a:ab:cd' is not a MAC"),
                                 HasSubstr("f:13:9: error: 'windows@latest' names no image"),
                                 HasSubstr("f:14:11: error: profile 'x': no console is called 'ttyz'")));
}

TEST(Config, AValueThatCannotBeReadHidesNothingBesideIt) {
  std::string subnet = "interface = \"eth1\"\nnetwork = \"10.99.99.0/24\"\n";
  EXPECT_THAT(problems(subnet + "shared-network = \"\"\n"),
              ElementsAre(HasSubstr("a shared network without a name")));
  EXPECT_THAT(problems(subnet + "lease-time = \"1 week\"\nrange = \"10.99.99.9-10.99.99.1\"\n"),
              ElementsAre(HasSubstr("f:3:14: error: '1 week'"), HasSubstr("f:4:9: error: range")));
  EXPECT_THAT(problems(subnet + R"(mode = "prxy"
range = ["10.99.99.1-10.99.99.9", "10.99.99.5-10.99.99.7"]
[[machine]]
mac = "0c:c4:7a:ab:cd:ef"
address = "10.5.5.5"
)"),
              ElementsAre(HasSubstr("f:3:8: error: 'prxy'"),
                          HasSubstr("range 10.99.99.5-10.99.99.7 overlaps 10.99.99.1-10.99.99.9"),
                          HasSubstr("10.5.5.5 is in no subnet")));
}

TEST(Config, ReportsOneErrorOfEachKindAtOnce) {
  auto found = problems(R"([server]
interfaces = ["eth1"]
log-level = "loud"
[[subnet]]
network = "10.1.0.0/24"
lease-time = "1 week"
range = ["10.1.0.9-10.1.0.1", "10.2.0.1-10.2.0.9"]
router = "10.9.9.9"
colour = "red"
[[subnet]]
network = "10.1.0.0/25"
interface = "eth2"
identify = "nose"
pool = [{ range = "10.1.0.30-10.1.0.31", class = "nonesuch", for = "nobody" }]
[boot]
timeout = "soon"
default = "nonesuch"
[profile.a]
image = "windows@latest"
console = "ttyz"
[[machine]]
name = "m1"
mac = "0c:c4:7a:00:00:01"
uuid = "no"
classes = ["nonesuch"]
[[machine]]
name = "m1"
mac = "0c:c4:7a:00:00:02"
[[machine]]
name = "m3"
mac = ["0c:c4:7a:00:00:01", "zz"]
profile = "nonesuch"
[[class]]
name = "c"
answer = "maybe"
when = { class = "nonesuch", arch = "vax" }
[[group]]
name = "g"
machines = ["nobody"]
next-server = "here"
)");
  EXPECT_THAT(
      found,
      ElementsAre(
          HasSubstr("f:3:13: error: 'loud'"), HasSubstr("f:6:14: error: '1 week'"),
          HasSubstr("f:7:10: error: range 10.1.0.9-10.1.0.1 ends before"),
          HasSubstr("f:7:31: error: range 10.2.0.1-10.2.0.9 is not within"),
          HasSubstr("f:8:10: error: router 10.9.9.9"), HasSubstr("f:9:1: error: unknown key 'colour'"),
          HasSubstr("f:11:11: error: subnet 10.1.0.0/25 overlaps"),
          HasSubstr("f:12:13: error: subnet 10.1.0.0/25 is on interface 'eth2'"),
          HasSubstr("f:13:12: error: 'nose'"), HasSubstr("is for class 'nonesuch'"),
          HasSubstr("f:14:68: error: 'nobody'"), HasSubstr("f:16:11: error: 'soon'"),
          HasSubstr("f:17:11: error: boot.default"), HasSubstr("f:19:9: error: 'windows@latest'"),
          HasSubstr("f:20:11: error: profile 'a': no console"), HasSubstr("f:24:8: error: 'no'"),
          HasSubstr("f:25:11: error: machine 'm1': there is no class 'nonesuch'"),
          HasSubstr("f:31:7: error: machines 'm1' and 'm3' both have MAC address"),
          HasSubstr("f:31:29: error: 'zz'"),
          HasSubstr("f:32:11: error: machine 'm3': there is no profile 'nonesuch'"),
          HasSubstr("f:35:10: error: 'maybe'"), HasSubstr("f:36:8: error: class 'c': there is no class"),
          HasSubstr("f:36:37: error: arch wants"), HasSubstr("there is no machine 'nobody'"),
          HasSubstr("f:40:15: error: 'here'")));
}

/// Each of these files has one error; what rests on it is not said to be wrong, too.
TEST(Config, BlamesNothingElseForAValueThatCannotBeRead) {
  std::string rest = "[[machine]]\nname = \"m\"\nmac = \"0c:c4:7a:ab:cd:ef\"\naddress = \"10.0.0.5\"\n";
  std::string subnet = "[server]\ninterfaces = [\"e\"]\n[[subnet]]\nnetwork = \"10.0.0.0/24\"\n";
  const std::string texts[] = {
      "[server]\ninterfaces = 7\n[[subnet]]\nnetwork = \"10.0.0.0/24\"\ninterface = \"e\"\n",
      "interface = 7\nnetwork = \"10.0.0.0/24\"\n" + rest,
      "interface = \"e\"\nnetwork = \"10.0.0.0\"\nrouter = \"10.0.0.1\"\nrange = \"10.0.0.2\"\n"
      "exclude = \"10.0.0.3\"\n" +
          rest,
      subnet +
          "[[subnet]]\nnetwork = \"10.1.0.0\"\n[[machine]]\naddress = \"10.1.0.5\"\nname = \"m\"\n"
          "mac = \"0c:c4:7a:ab:cd:ef\"\n" +
          rest,
      subnet + "lease-time = \"1 week\"\nrebind-time = \"2d\"\n" + rest,
      subnet + "lease-tiem = \"7d\"\nrenew-time = \"2d\"\nrebind-time = \"3d\"\n" + rest,
      subnet + "bootp = \"yes\"\npool = [{ range = \"10.0.0.7\", for = \"bootp\" }]\n" + rest,
      subnet + "[[machine]]\nname = \"n\"\nmac = \"zz\"\n" + rest,
      subnet +
          "[[machine]]\nmac = \"zz\"\n[[group]]\nname = \"g\"\n"
          "machines = [\"0c:c4:7a:ab:cd:00\"]\n" +
          rest,
      subnet +
          "[[machine]]\nnmae = \"n\"\nmac = \"0c:c4:7a:ab:cd:00\"\n[[group]]\nname = \"g\"\n"
          "machines = [\"n\"]\n" +
          rest,
      subnet + "[[group]]\nname = \"g\"\nmachines = 7\nprofile = \"smartos\"\n" + rest,
      subnet + "[[class]]\nname = 7\n[[class]]\nname = \"c\"\nwhen = { class = \"d\" }\n" + rest,
      subnet + "[[machnie]]\nname = \"n\"\n[[group]]\nname = \"g\"\nmachines = [\"n\"]\n" + rest,
      subnet + "[profile.a]\nimage = 7\n[boot]\ndefault = \"a\"\n" + rest,
      subnet + "[profile]\na = 7\n[boot]\ndefault = \"a\"\n" + rest,
  };
  for (const std::string& text : texts) {
    EXPECT_THAT(problems(text), testing::SizeIs(1)) << text;
  }
}

TEST(Config, ReportsContradictionsBesideUnreadableValues) {
  auto found = problems(R"(interface = "eth1"
network = "10.99.99.0/24"
range = "10.99.98.1-10.99.98.9"
[boot]
timeout = "soon"
)");
  EXPECT_THAT(found, ElementsAre(HasSubstr("is not within 10.99.99.0/24"), HasSubstr("'soon'")));
}

TEST(Config, LooksBetweenTheReadablePartsWhateverElseIsWrong) {
  auto found = problems(R"(interface = "eth1"
network = "10.99.99.0/24"
router = "10.98.0.1"
[boot]
default = "smartoss"
[[machine]]
mac = "a"
[[machine]]
name = "b"
mac = "0c:c4:7a:ab:cd:ef"
address = "10.5.5.5"
profile = "nonesuch"
)");
  EXPECT_THAT(found,
              ElementsAre(HasSubstr("f:3:10: error: router 10.98.0.1"),
                          HasSubstr("f:5:11: error: boot.default"), HasSubstr("'a' is not a MAC address"),
                          HasSubstr("f:11:11: error: machine 'b': address 10.5.5.5 is in no subnet"),
                          HasSubstr("f:12:11: error: machine 'b': there is no profile 'nonesuch'")));
}

TEST(Config, TakesAnEmptyFileForOneThatSaysNothing) {
  EXPECT_THAT(problems(""), ElementsAre(HasSubstr("no interface"), HasSubstr("no subnet")));
}

TEST(Config, PassesOverALineThatIsNotToml) {
  auto found = problems(
      "[server]\ninterfaces = [\"eth1\"]\nstate = \n\n[boot]\ntimeout = = 3\nunknown = \"nobody\"\n");
  EXPECT_THAT(found, ElementsAre(HasSubstr("f:3:"), HasSubstr("f:6:"),
                                 HasSubstr("f:7:11: error: 'nobody' is not one of")));
}

TEST(Config, SurvivesWhatUpsetsTheLibrary) {
  for (std::string_view text :
       {"[&", "[[&", "[ ", "[[]]", "[", "a = [\n[&", "\"", "'''", "\xff\xfe", "a = {", "[a]\n[a]"}) {
    EXPECT_FALSE(problems(text).empty()) << text;
  }
}

TEST(Config, RefusesNamesOfMorePartsThanAnyRecursionBears) {
  std::string deep = "a";
  for (int part = 0; part < 100'000; ++part) deep += ".a";
  for (const std::string& text : {"[" + deep + "]\n", deep + " = 1\n", "b = { " + deep + " = 1 }\n"}) {
    EXPECT_THAT(problems(text), Contains(HasSubstr("a name has too many parts"))) << text.substr(0, 9);
  }
  EXPECT_TRUE(plan(std::string(minimum) + "domain = \"" + deep.substr(0, 100) + "\"\n")) << "text is no name";
}

TEST(Config, TakesTextBeyondAsciiInQuotesAndCommentsAlone) {
  EXPECT_TRUE(plan(std::string(minimum) + "domain = \"b\u00fcro.example\"  # B\u00fcro\n"));
  EXPECT_THAT(problems("ra\u00eege = 1\n"),
              ElementsAre(HasSubstr("f:1:3: error: a character beyond ASCII stands outside quotes")));
}

TEST(Config, ReadsTheFilesThatItNamesBesideItself) {
  std::string folder = ::testing::TempDir() + "slipway-config-files";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/system") << "abc";
  std::ofstream(folder + "/slipway.toml") << minimum << R"(
[server]
tls-certificate = "boot.crt"
tls-key = "/k"
[api]
listen = "10.99.99.250:8443"
certificate = "api.crt"
key = "api.key"
[[webhook]]
url = "https://a.example"
secret-file = "secret"
[profile.smartos]
image = "smartos@latest"
modules = { "etc/system" = "system", gone = "gone" }
confirm = ["destroy_zpools"]
answers = { root_password = "x", skip_final_confirm = true }

[profile.disk]
san = { target = "iqn.2024-01.example:a", portal = "10.99.99.5" }

[[machine]]
mac = "0c:c4:7a:ab:cd:ef"
networking = true
san = { lun = 3 }
)";
  auto loaded = load(folder + "/slipway.toml", {});
  ASSERT_TRUE(loaded) << loaded.error().problems.at(0).to_string();
  const model::Profile& profile = (*loaded)->profiles()[0];
  ASSERT_EQ(profile.boot_files.modules.size(), 2u);
  const model::LocalFile& file = profile.boot_files.modules[0].file;
  EXPECT_EQ((*loaded)->server().tls_certificate, folder + "/boot.crt");
  EXPECT_EQ((*loaded)->server().tls_key, "/k");
  EXPECT_EQ((*loaded)->api().key, folder + "/api.key");
  EXPECT_EQ((*loaded)->webhooks()[0].secret_file, folder + "/secret");
  ASSERT_TRUE(file.content);
  EXPECT_EQ(*file.content, "abc");
  EXPECT_EQ(file.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(profile.boot_files.modules[1].file.fault, "cannot be read: No such file or directory");
  EXPECT_THAT(profile.confirmed, ElementsAre("destroy_zpools"));
  EXPECT_EQ(profile.boot_files.answers->at(1).value, "true");
  const model::Machine& machine = (*loaded)->machines()[0];
  EXPECT_EQ(machine.boot_files.networking, true);
  EXPECT_EQ(machine.san->lun, 3);
  Problems unread = unread_files(**loaded);
  ASSERT_EQ(unread.size(), 1u);
  EXPECT_THAT(unread[0].to_string(), HasSubstr("slipway.toml:18:"));
  std::filesystem::remove_all(folder);
}

TEST(Config, TakesAMirrorOfSmartosByItsUrlAlone) {
  auto plan = load_text(
      std::string(minimum) + "[images]\nsmartos-from = \"https://mirror.example/SmartOS\"\n", "f", {});
  ASSERT_TRUE(plan);
  EXPECT_EQ((*plan)->imports().smartos_from, "https://mirror.example/SmartOS");
  EXPECT_THAT(problems(std::string(minimum) + "[images]\nsmartos-from = \"mirror.example\"\n"),
              ElementsAre(HasSubstr("'mirror.example' is no http or https URL")));
}

TEST(Config, RefusesBootModulesAndDisksThatCannotBe) {
  auto in_profile = [](std::string_view line) {
    return problems(std::string(minimum) + "[profile.a]\nimage = \"smartos@latest\"\n" + std::string(line) +
                    "\n");
  };
  for (std::string_view name : {"\"a b\"", "\"../a\"", "\"/a\"", "\"a.hash\""})
    EXPECT_THAT(in_profile("modules = { " + std::string(name) + " = \"f\" }"),
                Contains(HasSubstr("cannot be the name of a boot module")))
        << name;
  EXPECT_THAT(in_profile("modules = { a = 1 }"), Contains(HasSubstr("wants the path of a file")));
  EXPECT_THAT(in_profile("modules = [\"a\"]"), Contains(HasSubstr("stands where a table is wanted")));
  EXPECT_THAT(in_profile("confirm = [\"everything\"]"), Contains(HasSubstr("'everything' is not one of")));
  EXPECT_THAT(in_profile("san = { lun = 20000 }"), Contains(HasSubstr("this number does not fit here")));
  EXPECT_THAT(in_profile("san = { trget = \"a\" }"), Contains(HasSubstr("did you mean 'target'?")));
  EXPECT_THAT(problems(std::string(minimum) + "[profile.a]\nconsole = \"text\"\n"),
              Contains(HasSubstr("[profile.a] lacks 'image'")));
}

TEST(Config, SaysWhichFileItCannotRead) {
  auto loaded = load("/nonexistent/slipway.toml", {});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().problems.at(0).to_string(),
              HasSubstr("/nonexistent/slipway.toml: error: cannot read"));
}

TEST(Config, RefusesWrongTypesWithWhatIsWanted) {
  EXPECT_THAT(problems("server = 3\n"),
              testing::Contains(HasSubstr("an integer stands where a table is wanted")));
  EXPECT_THAT(problems("[[subnet]]\nnetwork = 10\n"), testing::Contains(HasSubstr("'10' is not a network")));
  EXPECT_THAT(problems("profile = \"x\"\n"), testing::Contains(HasSubstr("profile wants a name")));
  EXPECT_THAT(problems("[[subnet]]\nrange = \"1.2.3.4\"\n"), testing::Contains(HasSubstr("lacks 'network'")));
}

TEST(Config, RefusesAnOptionThatDoesNotExistOrDoesNotFit) {
  EXPECT_THAT(
      problems("interface = \"e\"\nnetwork = \"10.0.0.0/24\"\noptions = { ntp-sevrers = \"10.0.0.1\" }\n"),
      testing::Contains(HasSubstr("did you mean 'ntp-servers'?")));
  EXPECT_THAT(problems("interface = \"e\"\nnetwork = \"10.0.0.0/24\"\noptions = { ntp-servers = \"ten\" }\n"),
              testing::SizeIs(1));
  EXPECT_THAT(problems("interface = \"e\"\nnetwork = \"10.0.0.0/24\"\noptions = { 255 = \"x\" }\n"),
              testing::SizeIs(1));
}

TEST(Settings, EachHasAMeaning) {
  for (const SectionDoc& section : settings_reference()) {
    for (const SettingDoc& setting : section.settings) {
      EXPECT_FALSE(setting.doc.empty() || setting.type.empty()) << setting.name;
    }
  }
}

TEST(Config, KnowsMachinesByMoreThanTheirNetworkCards) {
  auto world = plan(std::string(minimum) + R"(
[[machine]]
uuid = "564d7f5c-8f05-4a7e-9a10-0cc47aabcdef"
[[machine]]
client-id = "01:0c:c4:7a:ab:cd:ef"
[[machine]]
client-id = "hex:ff00"
[[machine]]
client-id = "cafe"
[[machine]]
relay-circuit = "rack7-3"
relay-remote = "hex:0a:0b"
)");
  ASSERT_TRUE(world);
  std::vector<std::string> names;
  for (const model::Machine& machine : world->machines()) names.push_back(machine.name);
  EXPECT_THAT(names, ElementsAre("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef", "hex:010cc47aabcdef", "hex:ff00",
                                 "cafe", "rack7-3 at hex:0a0b"));
  EXPECT_EQ(world->machines()[1].client_id, (Bytes{1, 0x0c, 0xc4, 0x7a, 0xab, 0xcd, 0xef}));
  EXPECT_EQ(world->machines()[3].client_id, (Bytes{'c', 'a', 'f', 'e'}));
}

TEST(Config, RefusesIdentifiersWithoutBytes) {
  for (auto bad : {"\"\"", "\"hex:\"", "\"hex:0\"", "\"hex:xy\"", "7"}) {
    EXPECT_THAT(problems(std::string(minimum) + "[[machine]]\nclient-id = " + bad + "\n").at(0),
                HasSubstr("is not text, or bytes such as"))
        << bad;
  }
}

TEST(Config, ReadsHowASubnetGivesItsAddresses) {
  auto world = plan(std::string(minimum) + R"(
exclude = ["10.99.99.212", "10.99.99.214-10.99.99.215"]
allocate = "hashed"
renew-time = "1h"
rebind-time = "2h"
reply-to = "source"
bootp = true
rapid-commit = true
pool = [{ range = "10.99.99.30-10.99.99.31", for = "bootp" }]
[server]
lease-query = ["10.1.0.0/16", "10.2.0.1"]
)");
  ASSERT_TRUE(world);
  const model::Subnet& subnet = world->subnets().at(0);
  EXPECT_EQ(subnet.excluded.size(), 2u);
  EXPECT_EQ(subnet.allocate, model::Allocation::hashed);
  EXPECT_EQ(subnet.renew_time, std::chrono::hours(1));
  EXPECT_EQ(subnet.rebind_time, std::chrono::hours(2));
  EXPECT_EQ(subnet.reply_to, model::ReplyTo::source);
  EXPECT_TRUE(subnet.bootp && subnet.rapid_commit);
  EXPECT_EQ(subnet.pools.back().protocol, model::Pool::Protocol::bootp);
  EXPECT_EQ(subnet.pools.front().protocol, model::Pool::Protocol::any);
  ASSERT_EQ(world->server().lease_query.size(), 2u);
  EXPECT_EQ(world->server().lease_query[1].length, 32);
}

}  // namespace slipway::config
