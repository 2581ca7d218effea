// SPDX-License-Identifier: MPL-2.0
#include "dhcp/proxy_responder.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

model::Draft proxied() {
  model::Draft draft = site();
  draft.subnets[0].mode = model::SubnetMode::proxy;
  draft.subnets[0].pools.clear();
  return draft;
}

Arrival on_4011(std::uint16_t from_port) {
  return {"eth1", 7, server_address, server_address, {ip("10.0.0.140"), from_port}, wire::proxy_dhcp_port};
}

TEST(ProxyResponder, OffersABootFileAndNoAddress) {
  Rig rig(proxied());
  DhcpMessage request = as_pxe_rom(discover(), 0);
  Bytes uuid = wire::encode_client_uuid(Uuid{{1, 2, 3}});
  request.options.set_raw(opt::ClientUuid::code, uuid);
  Settled settled = rig.send(request);
  EXPECT_THAT(settled, Offers("0.0.0.0"));
  const DhcpMessage& offer = said(settled);
  EXPECT_EQ(offer.options.get<opt::ServerId>(), server_address);
  EXPECT_EQ(offer.options.get<opt::VendorClass>(), "PXEClient");
  EXPECT_EQ(offer.options.get<opt::VendorOptions>(), (Bytes{6, 1, 8, 255}));
  EXPECT_EQ(offer.options.get<opt::ClientUuid>(), uuid);
  EXPECT_FALSE(offer.options.has(opt::LeaseTime::code));
  EXPECT_FALSE(offer.options.has(opt::SubnetMask::code));
  EXPECT_EQ(offer.siaddr, server_address);
  EXPECT_EQ(offer.file, "undionly.kpxe");
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(Broadcast{7}));
}

TEST(ProxyResponder, SendsNoOption43ToUefiSoThatEveryVersionAsksOnPort4011) {
  Rig rig(proxied());
  DhcpMessage offer = said(rig.send(as_pxe_rom(discover(), 7)));
  EXPECT_EQ(offer.options.get<opt::VendorClass>(), "PXEClient");
  EXPECT_FALSE(offer.options.has(opt::VendorOptions::code));
}

TEST(ProxyResponder, AnswersIpxeAndHttpClientsEachInItsOwnWay) {
  Rig rig(proxied());
  DhcpMessage offer = said(rig.send(as_ipxe(discover(), 7)));
  EXPECT_EQ(offer.options.get<opt::VendorClass>(), "PXEClient");
  EXPECT_TRUE(offer.options.has(opt::VendorOptions::code));
  offer = said(rig.send(as_http_rom(discover())));
  EXPECT_EQ(offer.options.get<opt::VendorClass>(), "HTTPClient");
  EXPECT_EQ(offer.options.get<opt::BootFileName>(), "http://10.0.0.2/ipxe.efi");
}

TEST(ProxyResponder, LeavesRequestsOnPort67ToTheServerThatGivesAddresses) {
  Rig rig(proxied());
  DhcpMessage request = as_pxe_rom(selecting("10.0.0.140"), 0);
  EXPECT_THAT(rig.send(request), Drops(Drop::proxy_gives_no_address));
  request.options.set<opt::ServerId>(ip("10.0.0.1"));
  EXPECT_THAT(rig.send(request), Drops(Drop::proxy_gives_no_address));
}

TEST(ProxyResponder, LearnsTheAddressThatAMachineTakesFromTheOtherServer) {
  Rig rig(proxied());
  DhcpMessage request = as_pxe_rom(selecting("10.0.0.140"), 0);
  request.options.set<opt::ServerId>(ip("10.0.0.1"));
  EXPECT_EQ(rig.handle(request).trace.client.address, ip("10.0.0.140"));
  DhcpMessage wish = as_pxe_rom(discover(), 0);
  wish.options.set<opt::RequestedAddress>(ip("10.0.0.141"));
  EXPECT_TRUE(rig.handle(wish).trace.client.address.is_any()) << "it may be given another";
}

TEST(ProxyResponder, IsSilentToClientsThatDoNotBoot) {
  Rig rig(proxied());
  EXPECT_THAT(rig.send(discover()), Drops(Drop::no_pxe_client));
  EXPECT_THAT(rig.send(renewing("10.0.0.140")), Drops(Drop::no_pxe_client));
}

TEST(ProxyResponder, IsSilentWhereNothingRunsOnTheClient) {
  Rig rig(proxied());
  EXPECT_THAT(rig.send(as_pxe_rom(discover(), 99)), Drops(Drop::no_boot_file));
}

TEST(ProxyResponder, AnswersOnPort4011ToWhereTheRequestCameFrom) {
  Rig rig(proxied());
  for (std::uint16_t port : {std::uint16_t{4011}, std::uint16_t{68}}) {  // EDK2, iPXE
    DhcpMessage request = as_pxe_rom(renewing("10.0.0.140"), 7);
    Settled settled = rig.send(request, on_4011(port));
    EXPECT_THAT(settled, Says(MessageType::ack, "0.0.0.0"));
    Answer answer = std::get<Answer>(settled);
    EXPECT_EQ(answer.to, Destination(ToSource{{ip("10.0.0.140"), port}}));
    EXPECT_EQ(answer.from_port, 4011);
    EXPECT_EQ(answer.message.ciaddr, ip("10.0.0.140"));
    EXPECT_EQ(answer.message.file, "ipxe.efi");
    EXPECT_EQ(answer.message.options.get<opt::VendorClass>(), "PXEClient");
  }
}

TEST(ProxyResponder, AnswersOnPort4011AlsoWhereItGivesTheAddresses) {
  Rig rig;
  EXPECT_THAT(rig.send(as_pxe_rom(renewing("10.0.0.140"), 7), on_4011(4011)),
              Says(MessageType::ack, "0.0.0.0"));
  EXPECT_EQ(rig.book.size(), 0u);
}

TEST(ProxyResponder, NeverSaysNak) {
  Rig rig(proxied());
  DhcpMessage request = as_pxe_rom(renewing("192.168.1.1"), 0);
  request.options.set<opt::ServerId>(ip("10.0.0.1"));
  EXPECT_THAT(rig.send(request, on_4011(68)), Drops(Drop::not_for_us));
  EXPECT_THAT(rig.send(as_pxe_rom(discover(), 0), on_4011(68)), Drops(Drop::bad_message_type));
}

}  // namespace
}  // namespace slipway::dhcp
