// SPDX-License-Identifier: MPL-2.0
// What stands in the answers, seen from the client.
#include "dhcp/reply.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Optional;

std::vector<std::uint8_t> codes_of(const DhcpMessage& message) {
  std::vector<std::uint8_t> codes;
  for (auto entry : message.options.entries()) codes.push_back(entry.code);
  return codes;
}

TEST(Reply, CopiesWhatBelongsToTheExchangeAndNothingElse) {
  Rig rig;
  DhcpMessage request = discover();
  request.xid = 0xdeadbeef;
  request.secs = 12;
  request.flags = wire::broadcast_flag;
  request.ciaddr = ip("10.0.0.55");
  request.siaddr = ip("10.0.0.56");
  request.chaddr[12] = 0x77;  // all sixteen bytes come back
  DhcpMessage offer = said(rig.send(request));
  EXPECT_EQ(offer.op, wire::Op::boot_reply);
  EXPECT_EQ(offer.xid, 0xdeadbeef);
  EXPECT_EQ(offer.flags, wire::broadcast_flag);
  EXPECT_EQ(offer.chaddr, request.chaddr);
  EXPECT_EQ(offer.secs, 0);
  EXPECT_EQ(offer.hops, 0);
  EXPECT_TRUE(offer.ciaddr.is_any());
  EXPECT_TRUE(offer.siaddr.is_any());
}

TEST(Reply, HasTheTimesOfTheLeaseInOfferAndAck) {
  Rig rig;
  for (const Settled& settled : {rig.send(discover()), rig.send(selecting("10.0.0.100"))}) {
    const wire::Options& options = said(settled).options;
    EXPECT_EQ(options.get<opt::ServerId>(), server_address);
    EXPECT_EQ(options.get<opt::LeaseTime>(), seconds{1000});
    EXPECT_EQ(options.get<opt::RenewalTime>(), seconds{500});
    EXPECT_EQ(options.get<opt::RebindingTime>(), seconds{875});
  }
}

TEST(Reply, TakesTheConfiguredRenewalTimes) {
  model::Draft draft = site();
  draft.subnets[0].options = {{58, {0, 0, 0, 10}}};
  Rig rig(draft);
  EXPECT_EQ(said(rig.send(discover())).options.get<opt::RenewalTime>(), seconds{10});
}

TEST(Reply, HasOnlyTheUsualOptionsForAClientThatListsNone) {
  model::Draft draft = site();
  draft.subnets[0].options = {{42, {10, 0, 0, 9}}};
  Rig rig(draft);
  EXPECT_THAT(codes_of(said(rig.send(discover()))), ElementsAre(53, 54, 51, 58, 59, 1, 3, 6));
}

TEST(Reply, HasWhatTheClientListsInItsOrder) {
  model::Draft draft = site();
  draft.subnets[0].options = {{42, {10, 0, 0, 9}}};
  Rig rig(draft);
  DhcpMessage request = discover();
  request.options.set<opt::ParameterList>({42, 15, 6, 99});
  EXPECT_THAT(codes_of(said(rig.send(request))), ElementsAre(53, 54, 51, 58, 59, 1, 42, 15, 6));
}

TEST(Reply, NamesTheMachineToItself) {
  model::Draft draft = site();
  draft.machines = {machine("node1", 1)};
  Rig rig(draft);
  DhcpMessage request = discover();
  request.options.set<opt::HostName>("localhost");
  request.options.set<opt::ParameterList>({12});
  EXPECT_EQ(said(rig.send(request)).options.get<opt::HostName>(), "node1.example.org");
}

TEST(Reply, SendsBootOptionsUnasked) {
  model::Draft draft = site();
  draft.subnets[0].options = {{17, {'/', 'r'}}, {209, {'c', 'f', 'g'}}};
  Rig rig(draft);
  DhcpMessage request = as_pxe_rom(discover(), 0);
  request.options.set<opt::ParameterList>({1, 3});
  DhcpMessage offer = said(rig.send(request));
  EXPECT_EQ(offer.options.get<opt::RootPath>(), "/r");
  EXPECT_TRUE(offer.options.has(209));
  EXPECT_EQ(offer.options.get<opt::BootFileName>(), "undionly.kpxe");
  EXPECT_EQ(offer.options.get<opt::TftpServerName>(), "10.0.0.2");
  EXPECT_EQ(offer.file, "undionly.kpxe");
  EXPECT_EQ(offer.siaddr, server_address);
}

TEST(Reply, PutsAClassBeforeItsSubnet) {
  model::Draft draft = site();
  draft.subnets[0].options = {{42, {10, 0, 0, 9}}};
  model::BootClass everyone;
  everyone.name = "everyone";
  everyone.when.emplace();
  everyone.options = {{42, {10, 0, 0, 10}}};
  draft.classes = {everyone};
  Rig rig(draft);
  DhcpMessage request = discover();
  request.options.set<opt::ParameterList>({42});
  EXPECT_THAT((said(rig.send(request)).options.get<wire::Option<42, Bytes>>()),
              testing::Optional(ElementsAre(10, 0, 0, 10)));
}

TEST(Reply, EchoesTheClientIdAlsoWhenItSaysNo) {
  Rig rig;
  DhcpMessage request = discover();
  request.options.set<opt::ClientId>({1, 2, 3});
  EXPECT_EQ(said(rig.send(request)).options.get<opt::ClientId>(), (Bytes{1, 2, 3}));
  request = selecting("192.168.1.1");
  request.options.set<opt::ClientId>({1, 2, 3});
  EXPECT_EQ(said(rig.send(request)).options.get<opt::ClientId>(), (Bytes{1, 2, 3}));
}

TEST(Reply, EchoesTheMachinesUuid) {
  Rig rig;
  DhcpMessage request = as_pxe_rom(discover(), 0);
  Bytes zeros = wire::encode_client_uuid(Uuid{});  // no identity, but EDK2 compares it all the same
  request.options.set_raw(opt::ClientUuid::code, zeros);
  EXPECT_EQ(said(rig.send(request)).options.get<opt::ClientUuid>(), zeros);
}

TEST(Reply, ReturnsTheRelaysOptionByteByByteAndLast) {
  Rig rig;
  Bytes odd{1, 4, 'e', 't', 'h', '1', 9, 200, 0};  // its last sub-option is malformed
  for (DhcpMessage request : {discover(), selecting("192.168.1.1")}) {
    request = relayed(request, "10.0.0.9");
    request.options.set_raw(82, odd);
    DhcpMessage reply = said(rig.send(request));
    EXPECT_EQ(reply.options.get<opt::RelayAgent>(), odd);
    EXPECT_EQ(codes_of(reply).back(), 82);
  }
}

TEST(Reply, OfANakHasNothingOfABoot) {
  model::Draft draft = site();
  draft.subnets[0].next_server = ip("10.0.0.8");
  Rig rig(draft);
  DhcpMessage request = as_pxe_rom(renewing("255.255.255.255"), 0);
  request.siaddr = ip("10.0.0.66");
  DhcpMessage nak = said(rig.send(request));
  EXPECT_THAT(codes_of(nak), ElementsAre(53, 54, 56));
  EXPECT_TRUE(nak.yiaddr.is_any());
  EXPECT_TRUE(nak.ciaddr.is_any());
  EXPECT_TRUE(nak.siaddr.is_any());
  EXPECT_EQ(nak.file, "");
}

TEST(Reply, FitsThePacketTheClientTakes) {
  Rig rig;
  auto size_for = [&](std::uint16_t told) {
    DhcpMessage request = discover();
    if (told) request.options.set<opt::MaxMessageSize>(told);
    return std::get<Answer>(rig.send(request)).max_size;
  };
  EXPECT_EQ(size_for(0), 548u);
  EXPECT_EQ(size_for(1000), 972u);
  EXPECT_EQ(size_for(100), 548u);     // RFC 2132 §9.10: 576 at least
  EXPECT_EQ(size_for(65280), 1472u);  // EDK2's 1500 with its bytes swapped
}

TEST(Reply, KeepsALongBootFileOutOfTheFieldThatCannotHoldIt) {
  model::Draft draft = site();
  model::BootClass everyone;
  everyone.name = "everyone";
  everyone.when.emplace();
  everyone.boot_file = "http://10.0.0.2/" + std::string(112, 'x');
  draft.classes = {everyone};
  Rig rig(draft);
  DhcpMessage offer = said(rig.send(discover()));
  EXPECT_EQ(everyone.boot_file.size(), 128u);
  EXPECT_EQ(offer.file, "");
  EXPECT_EQ(offer.options.get<opt::BootFileName>(), everyone.boot_file);
}

TEST(Reply, NamesTheConfiguredNextServerAlsoWhereNothingBoots) {
  model::Draft draft = site();
  draft.subnets[0].next_server = ip("10.0.0.8");
  Rig rig(draft);
  EXPECT_EQ(said(rig.send(discover())).siaddr, ip("10.0.0.8"));
}

TEST(Reply, KeepsOptions60And43FromUefi) {
  model::Draft draft = site();
  draft.subnets[0].options = {{60, {'P', 'X', 'E', 'C', 'l', 'i', 'e', 'n', 't'}}, {43, {6, 1, 8, 255}}};
  Rig rig(draft);
  DhcpMessage request = as_pxe_rom(discover(), 7);
  request.options.set<opt::ParameterList>({1, 3, 43, 60, 66, 67});
  DhcpMessage offer = said(rig.send(request));
  EXPECT_FALSE(offer.options.has(60));
  EXPECT_FALSE(offer.options.has(43));
  EXPECT_EQ(offer.file, "ipxe.efi");
}

TEST(Reply, SaysHttpClientToHttpClients) {
  Rig rig;
  EXPECT_EQ(said(rig.send(as_http_rom(discover()))).options.get<opt::VendorClass>(), "HTTPClient");
}

TEST(Reply, SendsTheIllumosLoaderToARootOfItsMachines) {
  Rig rig;
  DhcpMessage request = discover();
  request.options.set<opt::VendorClass>("PXEClient");
  request.options.set_raw(opt::UserClass::code, {7, 'i', 'l', 'l', 'u', 'm', 'o', 's'});
  auto root = said(rig.send(request)).options.get<opt::RootPath>();
  ASSERT_TRUE(root);
  EXPECT_TRUE(root->starts_with("tftp://" + server_address.to_string() + "/illumos/")) << *root;
}

TEST(Reply, NamesItsDiskToASystemThatAsksButNotToIpxe) {
  model::Draft draft = site();
  model::San san;
  san.target = "iqn.2024-01.example:a";
  san.portal = ip("10.0.0.9");
  draft.profiles.clear();
  draft.profiles.emplace_back().name = "disk";
  draft.profiles[0].san = san;
  draft.boot.default_profile.clear();
  Rig rig(draft);
  DhcpMessage request = discover();
  request.options.set<opt::ParameterList>({1, 3, 17});
  EXPECT_EQ(said(rig.send(request)).options.get<opt::RootPath>(),
            "iscsi:10.0.0.9::3260:0:iqn.2024-01.example:a");
  EXPECT_FALSE(said(rig.send(as_ipxe(discover(2)))).options.has(17));
}

TEST(Reply, SparesIpxeItsWaitForAProxy) {
  model::Draft draft = site();
  draft.subnets[0].options = {{175, {8, 1, 1}}};  // keep-san
  Rig rig(draft);
  auto features = said(rig.send(as_ipxe(discover()))).options.get<opt::IpxeFeatures>();
  EXPECT_THAT(features, Optional(ElementsAre(8, 1, 1, 176, 1, 1)));
  EXPECT_FALSE(said(rig.send(discover(2))).options.raw(176));
}

}  // namespace
}  // namespace slipway::dhcp
