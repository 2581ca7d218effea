// SPDX-License-Identifier: MPL-2.0
// Files that real servers wrote (tests/golden/leases, made by lab/other_server.py), and what their manuals
// and sources say may stand in such files besides.
#include "migrate/foreign_lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_golden.h"
#include "lease/lease.h"

namespace slipway::migrate {
namespace {

using ::testing::HasSubstr;

Ipv4 ip(std::string_view text) {
  return Ipv4::parse(text).value();
}
MacAddress mac(int last) {
  return {{0x52, 0x54, 0, 0, 0, static_cast<std::uint8_t>(last)}};
}
std::string golden(const std::string& name) {
  return read_source_file("tests/golden/leases/" + name);
}
ForeignLease find(const LeaseFile& file, std::string_view address) {
  ForeignLease last;
  for (const ForeignLease& lease : file.leases) {
    if (lease.address == ip(address)) last = lease;
  }
  EXPECT_EQ(last.address, ip(address)) << "is not in the file";
  return last;
}

TEST(LeaseFiles, AreRecognisedByThemselves) {
  EXPECT_EQ(recognise(golden("dhcpd.leases")), Format::isc);
  EXPECT_EQ(recognise(golden("kea-leases4.csv")), Format::kea);
  EXPECT_EQ(recognise(golden("dnsmasq.leases")), Format::dnsmasq);
  EXPECT_EQ(recognise("duid 00:01\n"), Format::dnsmasq);
  EXPECT_EQ(recognise("# dhcpd.leases\n"), Format::isc);
  for (const char* text : {"", "\n\n", "hello world\n", "<xml/>", "# only words\n"}) {
    EXPECT_EQ(recognise(text), std::nullopt) << text;
  }
}

// The same four machines got leases of all three servers: one with a name, one with an odd client id, one
// that gave its address back, one that declined its first.
TEST(LeaseFiles, OfAllThreeServersTellTheSameStory) {
  struct Case {
    Format format;
    std::string file, named, odd, released, declined, last;
  };
  const Case cases[] = {
      {Format::isc, "dhcpd.leases", "10.77.0.100", "10.77.0.101", "10.77.0.102", "10.77.0.103",
       "10.77.0.104"},
      {Format::kea, "kea-leases4.csv", "10.77.0.100", "10.77.0.101", "10.77.0.102", "10.77.0.103",
       "10.77.0.104"},
      {Format::dnsmasq, "dnsmasq.leases", "10.77.0.109", "10.77.0.110", "", "", "10.77.0.113"}};
  for (const Case& each : cases) {
    SCOPED_TRACE(each.file);
    LeaseFile file = read(each.format, golden(each.file), each.file);
    EXPECT_TRUE(file.problems.empty()) << file.problems.front().to_string();
    ForeignLease named = find(file, each.named);
    EXPECT_EQ(named.mac, mac(1));
    EXPECT_EQ(named.hostname, "node-a");
    EXPECT_EQ(named.client_id, (Bytes{1, 0x52, 0x54, 0, 0, 0, 1}));
    EXPECT_EQ(named.standing, Standing::held);
    EXPECT_NEAR(static_cast<double>(unix_seconds(named.until)), 1795691538, 10);
    EXPECT_EQ(find(file, each.odd).client_id,
              (Bytes{0, 0xff, 0x0d, 0x22, ';', '{', '}', '#', 'o', 'd', 'd'}));
    if (!each.released.empty()) {  // dnsmasq forgets both
      EXPECT_EQ(find(file, each.released).standing, Standing::free);
      EXPECT_EQ(find(file, each.declined).standing, Standing::quarantined);
    }
    EXPECT_EQ(find(file, each.last).client_id, Bytes({'t', 'e', 'x', 't', '-', 'i', 'd'}));
  }
}

TEST(LeaseFiles, CountTheLastEntryOfAnAddress) {
  auto leases = last_of_each(read(Format::isc, golden("dhcpd.leases"), "f").leases);
  ASSERT_EQ(leases.size(), 5u);
  EXPECT_EQ(leases[2].address, ip("10.77.0.102"));
  EXPECT_EQ(leases[2].standing, Standing::free);
  EXPECT_EQ(leases[2].place.line, 39);
}

// -- ISC dhcpd --------------------------------------------------------------------------------------

TEST(IscLeases, AreReadInEveryFormOfTime) {
  LeaseFile file = read_isc(
      "lease 10.0.0.1 { starts 4 2026/11/26 10:12:18; ends never; binding state active; }\n"
      "lease 10.0.0.2 { ends epoch 1795691538; # Thu Nov 26\n  cltt epoch 1795687938; binding state active; "
      "}\n"
      "lease 10.0.0.3 { ends 4 2026/11/26 11:12:18; binding state backup; next binding state active; }\n"
      "lease 10.0.0.4 { ends 4 2026/11/26 11:12:18; abandoned; }\n",
      "f");
  EXPECT_TRUE(file.problems.empty());
  EXPECT_EQ(find(file, "10.0.0.1").until, lease::forever);
  EXPECT_EQ(find(file, "10.0.0.2").until, from_unix_seconds(1795691538));
  EXPECT_EQ(find(file, "10.0.0.2").since, from_unix_seconds(1795687938));
  EXPECT_EQ(find(file, "10.0.0.3").standing, Standing::free);
  EXPECT_EQ(find(file, "10.0.0.4").standing, Standing::quarantined);
}

TEST(IscLeases, StandAmongDeclarationsOfEveryOtherKind) {
  LeaseFile file = read_isc(
      "authoring-byte-order little-endian;\nserver-duid \"\\000;{\";\n"
      "failover peer \"x\" state { my state normal at 4 2026/11/26 10:12:18; }\n"
      "host node1 { dynamic; hardware ethernet 52:54:00:00:00:09; fixed-address 10.0.0.9; }\n"
      "class \"c\" { match if option host-name = \"}\"; }\n"
      "lease 10.0.0.1 {\n  ends 4 2026/11/26 11:12:18;\n  binding state active;\n"
      "  hardware ethernet 52:54:0:0:0:1;\n  uid 1:52:54:0:0:0:1;\n"
      "  option agent.circuit-id \"eth}1\";\n  set vendor-class-identifier = \"PXEClient\";\n"
      "  on expiry or release { set a = 1; if b { c; } }\n  client-hostname \"it's # \\\"me\\\"\";\n}\n"
      "ia-na \"x\" { iaaddr 2001:db8::1 { binding state active; } }\n",
      "f");
  ASSERT_EQ(file.problems.size(), 1u);
  EXPECT_EQ(
      file.problems[0].to_string(),
      "f:4:1: warning: host node1 has the fixed address 10.0.0.9: a reservation, which is not taken over; "
      "write it as a [[machine]] with mac and address");
  EXPECT_EQ(file.unread.entries, 0u);
  ASSERT_EQ(file.leases.size(), 1u);
  EXPECT_EQ(file.leases[0].client_id, (Bytes{1, 0x52, 0x54, 0, 0, 0, 1}));
  EXPECT_EQ(file.leases[0].hostname, "it's # \"me\"");
  EXPECT_EQ(file.leases[0].place.line, 6);
}

TEST(IscLeases, UndoTheEscapesOfStrings) {
  LeaseFile file = read_isc(R"(lease 10.0.0.1 { ends never; uid "\001\0012\377\"\\\t\x41z"; })", "f");
  EXPECT_EQ(find(file, "10.0.0.1").client_id, (Bytes{1, 1, '2', 0xff, '"', '\\', '\t', 'A', 'z'}));
}

TEST(IscLeases, NameTheLineOfWhatCannotBeRead) {
  LeaseFile file = read_isc(
      "lease 10.0.0.1 {\n  ends 4 2026/13/26 11:12:18;\n}\n"
      "lease ten { ends never; }\nlease 10.0.0.2 { binding state active; }\n"
      "lease 10.0.0.3 { ends never; binding state sleepy; }\nlease 10.0.0.4 { ends never; }\n"
      "lease 10.0.0.5 { ends never; client-hostname \"no end",
      "f");
  ASSERT_EQ(file.leases.size(), 1u) << "only the whole one";
  EXPECT_EQ(file.leases[0].address, ip("10.0.0.4"));
  ASSERT_EQ(file.problems.size(), 5u);
  EXPECT_EQ(file.problems[0].to_string(),
            "f:2:1: error: 'ends 4 2026/13/26 11:12:18' cannot be read; the lease is passed over");
  EXPECT_THAT(file.problems[1].what, HasSubstr("'ten' is no IPv4 address"));
  EXPECT_THAT(file.problems[2].what, HasSubstr("the lease of 10.0.0.2 has no end"));
  EXPECT_THAT(file.problems[4].what, HasSubstr("has no end"));
  EXPECT_EQ(file.unread.entries, 5u);
  EXPECT_EQ(file.unread.places[3], (Place{"f", 6, 1}));
}

TEST(IscLeases, ForgetHostsThatWereDeleted) {
  LeaseFile file = read_isc(
      "host a { dynamic; hardware ethernet 52:54:00:00:00:09; fixed-address 10.0.0.9; }\n"
      "host a { dynamic; deleted; }\nhost b { dynamic; hardware ethernet 52:54:00:00:00:08; }\n",
      "f");
  EXPECT_TRUE(file.problems.empty()) << file.problems.front().to_string();
}

// -- Kea --------------------------------------------------------------------------------------------

TEST(KeaLeases, GoByTheNamesOfTheirColumns) {
  LeaseFile file = read_kea(
      "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_"
      "context,pool_id\n"
      "10.0.0.1,52:54:00:00:00:01,,4294967295,1000,1,0,0,a&#x2cb&#x,0,{&#x22a&#x22},0\n"
      "10.0.0.2,,01:02,3600,2000000000,1,0,0,,1,,0\n"
      "10.0.0.3,52:54:00:00:00:03,,3600,2000000000,1,0,0,,2,,0\r\n",
      "f");
  EXPECT_TRUE(file.problems.empty());
  EXPECT_EQ(find(file, "10.0.0.1").until, lease::forever);
  EXPECT_EQ(find(file, "10.0.0.1").hostname, "a,b&#x");
  EXPECT_EQ(find(file, "10.0.0.2").mac, std::nullopt);
  EXPECT_EQ(find(file, "10.0.0.2").standing, Standing::quarantined);
  EXPECT_EQ(find(file, "10.0.0.2").since, from_unix_seconds(2000000000 - 3600));
  EXPECT_EQ(find(file, "10.0.0.3").standing, Standing::free);
}

TEST(KeaLeases, AreReadFromOlderFilesWithFewerColumns) {
  LeaseFile file =
      read_kea("address,hwaddr,client_id,valid_lifetime,expire\n10.0.0.1,52:54:00:00:00:01,,60,99\n", "f");
  EXPECT_EQ(find(file, "10.0.0.1").standing, Standing::held);
}

TEST(KeaLeases, NameTheLineOfWhatCannotBeRead) {
  LeaseFile file = read_kea(
      "address,hwaddr,client_id,valid_lifetime,expire,state\nten,,,1,1,0\n10.0.0.1,,,x,1,0\n10.0.0.1,,,1,-1,"
      "0\n"
      "10.0.0.1,,zz,1,1,0\n10.0.0.1,,,1,1,7\n10.0.0.1\n",
      "f");
  EXPECT_TRUE(file.leases.empty());
  ASSERT_EQ(file.problems.size(), 6u);
  EXPECT_EQ(file.problems[0].to_string(), "f:2:1: error: 'ten' is no IPv4 address");
  EXPECT_THAT(read_kea("10.0.0.1,,,1,1\n", "f").problems.front().what, HasSubstr("names of the columns"));
}

// -- dnsmasq ----------------------------------------------------------------------------------------

TEST(DnsmasqLeases, MayHaveNoEndNoNameAndNoClientId) {
  LeaseFile file = read_dnsmasq(
      "0 52:54:00:00:00:01 10.0.0.1 * *\n1795691536 20-00:11:22:33:44 10.0.0.2 node ff:00\n\n"
      "duid 00:01:00:01\n1795691536 1234 2001:db8::1 node 00:01\n",
      "f");
  EXPECT_TRUE(file.problems.empty());
  ASSERT_EQ(file.leases.size(), 2u);
  EXPECT_EQ(file.leases[0].until, lease::forever);
  EXPECT_EQ(file.leases[0].hostname, "");
  EXPECT_TRUE(file.leases[0].client_id.empty());
  EXPECT_EQ(file.leases[1].mac, std::nullopt) << "no Ethernet";
  EXPECT_EQ(file.leases[1].client_id, (Bytes{0xff, 0}));
}

TEST(DnsmasqLeases, NameTheLineOfWhatCannotBeRead) {
  LeaseFile file =
      read_dnsmasq("1 2 3\nx 52:54:00:00:00:01 10.0.0.1 * *\n1 52:54:00:00:00:01 10.0.0 * *\n", "f");
  EXPECT_TRUE(file.leases.empty());
  ASSERT_EQ(file.problems.size(), 3u);
  EXPECT_EQ(file.problems[2].to_string(), "f:3:1: error: '10.0.0' is no IPv4 address");
}

TEST(LeaseFiles, ComplainOnlySoOften) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "nonsense\n";
  LeaseFile file = read_dnsmasq(text, "f");
  EXPECT_EQ(file.problems.size(), 101u);
  EXPECT_EQ(file.unread.entries, 100000u);
  EXPECT_LE(file.unread.places.size(), 20u);
}

}  // namespace
TEST(ForeignLease, ThatNoClientCanHaveKeepsNoneOfTheOthersBack) {
  std::string id;
  for (int byte = 0; byte < 300; ++byte) id += byte == 0 ? "01" : ":01";
  LeaseFile file = read(
      Format::dnsmasq,
      "1800000000 52:54:00:00:00:01 10.0.0.1 a " + id + "\n1800000000 52:54:00:00:00:02 10.0.0.2 b *\n", "f");
  ASSERT_EQ(file.leases.size(), 1u);
  EXPECT_EQ(file.leases[0].hostname, "b");
  EXPECT_EQ(file.unread.entries, 1u);
  ASSERT_EQ(file.problems.size(), 1u);
  EXPECT_EQ(file.problems[0].place.line, 1);
}

}  // namespace slipway::migrate
