// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/exchange.h"

#include "rehearsal/tell.h"
#include "rehearsal/test_stage.h"

namespace slipway::rehearsal {
namespace {

using namespace test;
using ::testing::HasSubstr;
using wire::MessageType;

std::vector<Exchange> rehearsed(Persona persona, Stage on = stage(), Act act = Act::exchange,
                                Ipv4 address = {}) {
  Rehearsal rehearsal(std::move(on));
  return rehearse(rehearsal, {std::move(persona), lab, act, address});
}

TEST(Rehearse, GoesFromTheRomOverIpxeToTheScript) {
  auto exchanges = rehearsed(client("pxe"));
  ASSERT_EQ(exchanges.size(), 2u);
  ASSERT_EQ(exchanges[0].steps.size(), 2u);
  EXPECT_EQ(exchanges[0].steps[0].said(), MessageType::offer);
  EXPECT_EQ(exchanges[0].steps[1].said(), MessageType::ack);
  EXPECT_TRUE(exchanges[0].steps[1].changes_leases);
  EXPECT_EQ(exchanges[0].then, "it loads ipxe.efi and starts it");
  EXPECT_EQ(exchanges[1].steps[1].trace.client.stage, model::Stage::ipxe);
  EXPECT_EQ(exchanges[1].steps[1].answer()->message.yiaddr, exchanges[0].steps[1].answer()->message.yiaddr);
  EXPECT_THAT(exchanges[1].then, HasSubstr("it fetches its script http://10.77.0.1/boot/"));
  EXPECT_TRUE(all_answered(exchanges));
}

TEST(Rehearse, EndsWhereNothingIsLoaded) {
  auto exchanges = rehearsed(client("linux"));
  ASSERT_EQ(exchanges.size(), 1u);
  EXPECT_EQ(exchanges[0].then, "it has nothing to load");
}

TEST(Rehearse, AsksPort4011WhereAnotherServerGivesTheAddresses) {
  model::Draft draft = laboratory();
  draft.subnets[0].mode = model::SubnetMode::proxy;
  draft.subnets[0].pools.clear();
  auto exchanges = rehearsed(client("pxe"), stage(draft));
  ASSERT_EQ(exchanges[0].steps.size(), 2u);
  EXPECT_TRUE(exchanges[0].steps[0].answer()->message.yiaddr.is_any());
  EXPECT_EQ(exchanges[0].steps[1].arrival.port, wire::proxy_dhcp_port);
  EXPECT_EQ(exchanges[0].steps[1].said(), MessageType::ack);
}

TEST(Rehearse, NamesTheReasonAndTheRemedyOfSilence) {
  model::Draft draft = laboratory();
  draft.subnets[0].pools = {{{ip("10.77.0.90"), ip("10.77.0.90")}, {}, {}}};
  lease::Lease held;
  held.address = ip("10.77.0.90");
  held.client = lease::ClientKey::of_mac({{2, 0, 0, 0, 0, 9}});
  held.subnet = draft.subnets[0].network;
  held.expires = lease::forever;
  Stage on = stage(draft);
  on.leases = {held};
  auto plan = on.plan;
  auto exchanges = rehearsed(client("pxe"), std::move(on));
  EXPECT_FALSE(all_answered(exchanges));
  std::string text = tell(exchanges[0], *plan);
  EXPECT_THAT(text, HasSubstr("pool_exhausted: every address of the pool is taken"));
  EXPECT_THAT(text, HasSubstr("make the pool larger, or the lease time shorter"));
}

TEST(Rehearse, SaysWhyASharedNetworkGivesFromAnotherOfItsSubnets) {
  model::Draft draft = laboratory();
  model::Subnet more = draft.subnets[1];
  more.network = Prefix::parse("10.78.1.0/24").value();
  more.pools = {{{ip("10.78.1.100"), ip("10.78.1.200")}, {}, {}}};
  draft.subnets[1].pools = {{{ip("10.78.0.100"), ip("10.78.0.100")}, {}, {}}};
  draft.subnets.push_back(more);
  draft.subnets[1].shared_network = draft.subnets[2].shared_network = "rack";
  lease::Lease held;
  held.address = ip("10.78.0.100");
  held.client = lease::ClientKey::of_mac({{2, 0, 0, 0, 0, 9}});
  held.subnet = draft.subnets[1].network;
  held.expires = lease::forever;
  Stage on = stage(draft);
  on.leases = {held};
  auto plan = on.plan;
  Persona relayed = client("linux");
  relayed.giaddr = ip("10.78.0.1");
  auto steps = rehearsed(relayed, std::move(on))[0].steps;
  EXPECT_THAT(tell(steps[0], *plan),
              HasSubstr("10.78.1.0/24 of the shared network 'rack', told by the relay's address (giaddr) in "
                        "10.78.0.0/24, which has no free address for this client\n"));
  EXPECT_THAT(tell(steps[1], *plan), HasSubstr("(giaddr) in 10.78.0.0/24\n"));
}

TEST(Rehearse, NamesTheProgramThatIsPlayed) {
  EXPECT_EQ(rehearsed(client("pxe"))[0].who, "PXE firmware: UEFI (EDK2)");
  Persona rom = client("pxe");
  rom.arch = model::Arch::bios;
  EXPECT_EQ(rehearsed(rom)[0].who, "PXE firmware: a BIOS ROM");
}

TEST(Rehearse, PlaysEveryActOfAClient) {
  for (const std::string& name : act_names()) {
    auto exchanges = rehearsed(client("linux"), stage(), *act_named(name));
    ASSERT_FALSE(exchanges.empty()) << name;
    EXPECT_FALSE(exchanges[0].steps.empty()) << name;
  }
  EXPECT_EQ(act_named("sing"), std::nullopt);
}

TEST(Rehearse, RenewsALeaseAndGivesItBack) {
  lease::Lease held;
  held.address = ip("10.77.0.120");
  held.client = lease::ClientKey::of_mac(mac);
  held.mac = mac;
  held.subnet = laboratory().subnets[0].network;
  Stage on = stage();
  held.expires = on.now + std::chrono::hours(1);
  on.leases = {held};
  auto renewed = rehearsed(client("linux"), on, Act::renew);
  EXPECT_EQ(renewed[0].steps[0].said(), MessageType::ack);
  EXPECT_EQ(renewed[0].steps[0].answer()->message.yiaddr, held.address);
  auto released = rehearsed(client("linux"), on, Act::release, held.address);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(released[0].steps[0].outcome));
}

TEST(Rehearse, TellsItAllToAPerson) {
  Stage on = stage();
  auto plan = on.plan;
  std::string text;
  Persona relayed = client("pxe");
  relayed.arch = model::Arch::bios;
  relayed.giaddr = ip("10.78.0.1");
  relayed.circuit_id = {'e', 't', 'h', '1'};
  for (const Persona& persona : {client("pxe"), relayed, client("http"), client("grub"), client("windows")}) {
    for (const Exchange& exchange : rehearsed(persona, on)) text += tell(exchange, *plan) + "\n";
  }
  expect_file_says("tests/golden/simulate.txt", text);
}

}  // namespace
}  // namespace slipway::rehearsal
