// SPDX-License-Identifier: MPL-2.0
// Clients that get by with less: BOOTP without leases, rapid commit with one round, and those that can live
// without IPv4.
#include "dhcp/responder.h"
#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

DhcpMessage bootp(int client = 1) {
  DhcpMessage message = discover(client);
  message.options.remove(opt::MessageType::code);
  return message;
}
model::Draft with_bootp() {
  model::Draft draft = site();
  draft.subnets[0].bootp = true;
  return draft;
}
auto Boots(std::string_view address) {
  return testing::ResultOf(
      [](const Settled& settled) { return std::pair(said(settled).is_bootp(), said(settled).yiaddr); },
      std::pair(true, ip(address)));
}

// -- BOOTP ------------------------------------------------------------------------------------------

TEST(Bootp, IsServedOnlyWhereTheSubnetSaysSo) {
  Rig rig;
  EXPECT_THAT(rig.send(bootp()), Drops(Drop::bootp_not_allowed));
}

TEST(Bootp, GetsAnAddressForEverAndNothingThatOnlyDhcpHas) {
  model::Draft draft = with_bootp();
  draft.subnets[0].options = {{58, {0, 0, 0, 9}}};
  Rig rig(draft);
  DhcpMessage request = bootp();
  request.options.set<opt::ParameterList>({1, 3, 51, 54, 58, 59});
  Handled handled = rig.handle(request);
  ASSERT_TRUE(std::holds_alternative<Claim>(handled.verdict)) << "durable first, then spoken";
  EXPECT_EQ(std::get<Claim>(handled.verdict).change.lease.expires, lease::forever);
  const DhcpMessage reply = said(rig.carry_out(std::move(handled.verdict)));
  EXPECT_EQ(reply.yiaddr, ip("10.0.0.100"));
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{51, 53, 54, 58, 59})
    EXPECT_FALSE(reply.options.has(code)) << int{code};
  EXPECT_EQ(reply.options.get<opt::SubnetMask>(), ip("255.255.255.0"));
  EXPECT_TRUE(reply.options.has(opt::Routers::code));
}

TEST(Bootp, IsAnsweredInThreeHundredBytes) {
  model::Draft draft = with_bootp();
  for (std::uint8_t code = 224; code < 250; ++code) draft.subnets[0].options.set(code, Bytes(20, code));
  Rig rig(draft);
  DhcpMessage request = bootp();
  std::vector<std::uint8_t> all{1, 3};
  for (std::uint8_t code = 224; code < 250; ++code) all.push_back(code);
  request.options.set<opt::ParameterList>(all);
  Settled settled = rig.send(request);
  const Answer& answer = std::get<Answer>(settled);
  EXPECT_EQ(wire::serialize(answer.message, answer.max_size).bytes.size(), 300u);
}

TEST(Bootp, KeepsItsAddressWhenItsMachineSpeaksDhcpAndBack) {
  Rig rig(with_bootp());
  rig.lease_to(2, "10.0.0.100");
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.101"));
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.101"));
  EXPECT_THAT(rig.send(selecting("10.0.0.101", 1)), Acks("10.0.0.101"));
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.101"));
  EXPECT_THAT(rig.send(bootp(2)), Boots("10.0.0.100"));
}

TEST(Bootp, IsForEverAndNotUntilTheLeaseTimeIsOver) {
  model::Draft draft = with_bootp();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  Rig rig(draft);
  rig.send(bootp(1));
  rig.now += std::chrono::hours{24 * 365 * 50};
  EXPECT_THAT(rig.send(discover(2)), Drops(Drop::pool_exhausted));
}

TEST(Bootp, AndDhcpMayHavePoolsOfTheirOwn) {
  model::Draft draft = with_bootp();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100"), pool("10.0.0.101", "10.0.0.101")};
  draft.subnets[0].pools[0].protocol = model::Pool::Protocol::bootp;
  draft.subnets[0].pools[1].protocol = model::Pool::Protocol::dhcp;
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.101"));
  EXPECT_THAT(rig.send(bootp(2)), Boots("10.0.0.100"));
  EXPECT_THAT(rig.send(bootp(3)), Drops(Drop::pool_exhausted));
}

TEST(Bootp, WithAnAddressWantsAFileAndNoLease) {
  Rig rig(with_bootp());
  DhcpMessage request = bootp();
  request.ciaddr = ip("10.0.0.77");
  request.file = "pxegrub.I86PC";
  Settled settled = rig.send(request);
  EXPECT_THAT(settled, Boots("0.0.0.0"));
  EXPECT_EQ(said(settled).ciaddr, ip("10.0.0.77"));
  EXPECT_EQ(said(settled).file, "pxegrub.I86PC");
  EXPECT_EQ(rig.book.size(), 0u);
}

TEST(Bootp, GetsTheFileItAsksForUnlessWeKnowABetterOne) {
  Rig rig(with_bootp());
  DhcpMessage request = bootp();
  request.file = "kernel";
  const DhcpMessage reply = said(rig.send(request));
  EXPECT_EQ(reply.file, "kernel");
  EXPECT_EQ(reply.siaddr, server_address);
  EXPECT_FALSE(reply.options.has(opt::BootFileName::code)) << "there are 64 bytes, and a field for it";
  EXPECT_EQ(said(rig.send(as_pxe_rom(request, 0))).file, "undionly.kpxe");
}

TEST(Bootp, OfAMachineThatIsNamedGetsItsReservation) {
  model::Draft draft = with_bootp();
  draft.machines = {machine("node1", 1, ip("10.0.0.20"))};
  Rig rig(draft);
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.20"));
}

TEST(Bootp, GoesPastMembersOfASharedNetworkThatDoNotServeIt) {
  model::Draft draft = site();
  draft.subnets.push_back(subnet("10.1.0.0/16", {pool("10.1.0.100", "10.1.0.110")}));
  for (model::Subnet& net : draft.subnets) net.shared_network = "rack";
  draft.subnets[1].bootp = true;
  Rig rig(draft);
  EXPECT_THAT(rig.send(bootp()), Boots("10.1.0.100"));
}

TEST(Bootp, IsToldNothingWhenTheStoreKnowsAnotherHolder) {
  Rig rig(with_bootp());
  Claim claim = std::get<Claim>(rig.handle(bootp()).verdict);
  lease::Lease theirs = claim.change.lease;
  theirs.client = lease::ClientKey::of_mac(mac(9));
  EXPECT_THAT(rig.carry_out(std::move(claim), lease::Outcome::refused(theirs)), Drops(Drop::address_taken));
  EXPECT_THAT(rig.send(bootp()), Boots("10.0.0.101"));
}

/// The file now reserves the only address that anybody has for another machine.
model::Draft reserving_it_for_another(model::Draft draft) {
  draft.machines = {machine("other", 2, ip("10.0.0.100"))};
  return draft;
}

TEST(Bootp, LosesNoAddressToALateCopyOfItsRequest) {
  Rig rig(with_bootp());
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.100"));
  rig.publish(reserving_it_for_another(with_bootp()));
  rig.now += std::chrono::seconds{9};
  EXPECT_THAT(rig.send(bootp(1)), Drops(Drop::just_granted));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.102")) << "client 1 uses 10.0.0.100";
}

TEST(Bootp, IsMovedWhenItsMachineBootsAgain) {
  Rig rig(with_bootp());
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.100"));
  rig.publish(reserving_it_for_another(with_bootp()));
  rig.now += std::chrono::seconds{10};
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.101"));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
}

TEST(Bootp, IsMovedThoughTheClockWasSetBackSinceItsGrant) {
  Rig rig(with_bootp());
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.100"));
  rig.publish(reserving_it_for_another(with_bootp()));
  rig.now -= std::chrono::hours{1};
  EXPECT_THAT(rig.send(bootp(1)), Boots("10.0.0.101"));
}

// -- Rapid commit -----------------------------------------------------------------------------------

DhcpMessage in_one_round(DhcpMessage message) {
  message.options.set_raw(opt::RapidCommit::code, {});
  return message;
}
model::Draft with_rapid_commit() {
  model::Draft draft = site();
  draft.subnets[0].rapid_commit = true;
  return draft;
}

TEST(RapidCommit, IsAnAckToADiscoverOnceTheLeaseIsDurable) {
  Rig rig(with_rapid_commit());
  Handled handled = rig.handle(in_one_round(discover()));
  ASSERT_TRUE(std::holds_alternative<Claim>(handled.verdict));
  Settled settled = rig.carry_out(std::move(handled.verdict));
  EXPECT_THAT(settled, Acks("10.0.0.100"));
  EXPECT_EQ(said(settled).options.get<opt::RapidCommit>(), Bytes{});
  EXPECT_TRUE(said(settled).options.has(opt::LeaseTime::code));
  EXPECT_EQ(rig.book.at(ip("10.0.0.100"))->client, lease::ClientKey::of_mac(mac(1)));
}

TEST(RapidCommit, NeedsASubnetAndAClientThatWantIt) {
  Rig plain, rapid(with_rapid_commit());
  Settled offered = plain.send(in_one_round(discover()));
  EXPECT_THAT(offered, Offers("10.0.0.100"));
  EXPECT_FALSE(said(offered).options.has(opt::RapidCommit::code));
  EXPECT_THAT(rapid.send(discover()), Offers("10.0.0.100"));
  EXPECT_FALSE(said(rapid.send(in_one_round(selecting("10.0.0.100")))).options.has(opt::RapidCommit::code));
}

TEST(RapidCommit, LosesNoLeaseToALateCopyOfItsDiscover) {
  Rig rig(with_rapid_commit());
  EXPECT_THAT(rig.send(in_one_round(discover(1))), Acks("10.0.0.100"));
  rig.publish(reserving_it_for_another(with_rapid_commit()));
  rig.now += std::chrono::seconds{9};
  EXPECT_THAT(rig.send(in_one_round(discover(1))), Drops(Drop::just_granted)) << "its ACK may be on the way";
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.102")) << "client 1 uses 10.0.0.100";
}

TEST(RapidCommit, IsMovedInTwoRoundsOnceItSaysSo) {
  Rig rig(with_rapid_commit());
  EXPECT_THAT(rig.send(in_one_round(discover(1))), Acks("10.0.0.100"));
  rig.publish(reserving_it_for_another(with_rapid_commit()));
  rig.now += std::chrono::seconds{10};
  EXPECT_THAT(rig.send(in_one_round(discover(1))), Offers("10.0.0.101"));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.102")) << "client 1 uses 10.0.0.100";
  EXPECT_THAT(rig.send(selecting("10.0.0.101", 1)), Acks("10.0.0.101"));
  EXPECT_THAT(rig.send(in_one_round(discover(2))), Acks("10.0.0.100"));
}

TEST(RapidCommit, TakesOneRoundWhereTheFormerLeaseIsOver) {
  Rig rig(with_rapid_commit());
  EXPECT_THAT(rig.send(in_one_round(discover(1))), Acks("10.0.0.100"));
  rig.publish(reserving_it_for_another(with_rapid_commit()));
  rig.now += std::chrono::seconds{1000};
  EXPECT_THAT(rig.send(in_one_round(discover(1))), Acks("10.0.0.101"));
}

TEST(RapidCommit, TellsNobodyNak) {
  Rig rig(with_rapid_commit());
  Claim claim = std::get<Claim>(rig.handle(in_one_round(discover())).verdict);
  lease::Lease theirs = claim.change.lease;
  theirs.client = lease::ClientKey::of_mac(mac(9));
  EXPECT_THAT(rig.carry_out(std::move(claim), lease::Outcome::refused(theirs)), Drops(Drop::address_taken));
}

// -- IPv6-only preferred ----------------------------------------------------------------------------

DhcpMessage without_ipv4(DhcpMessage message) {
  message.options.set<opt::ParameterList>({1, 3, 108});
  return message;
}
model::Draft preferring_ipv6() {
  model::Draft draft = site();
  draft.subnets[0].options = {{108, {0, 0, 7, 8}}};
  return draft;
}

TEST(Ipv6OnlyPreferred, IsAnAnswerWithoutAnAddressAndWithoutALease) {
  Rig rig(preferring_ipv6());
  for (const DhcpMessage& message : {discover(), selecting("10.0.0.100"), init_reboot("10.0.0.100")}) {
    Settled settled = rig.send(without_ipv4(message));
    bool asks = message.options.get<opt::MessageType>() == MessageType::discover;
    EXPECT_THAT(settled, Says(asks ? MessageType::offer : MessageType::ack, "0.0.0.0"));
    EXPECT_EQ(said(settled).options.get<opt::Ipv6Only>(), std::chrono::seconds{0x708});
  }
  EXPECT_EQ(rig.book.size() + rig.book.offers(), 0u);
}

TEST(Ipv6OnlyPreferred, IsOnlyForAClientThatAsks) {
  model::Draft draft = preferring_ipv6();
  model::BootClass everyone;
  everyone.name = "everyone";
  everyone.options = {{108, {0, 0, 7, 8}}};
  draft.classes = {everyone};
  Rig rig(draft);
  Settled settled = rig.send(discover());
  EXPECT_THAT(settled, Offers("10.0.0.100"));
  EXPECT_FALSE(said(settled).options.has(108));
}

TEST(Ipv6OnlyPreferred, NeedsEverySubnetThatTheClientCouldUse) {
  model::Draft draft = preferring_ipv6();
  draft.subnets.push_back(subnet("10.1.0.0/16", {pool("10.1.0.100", "10.1.0.110")}));
  for (model::Subnet& net : draft.subnets) net.shared_network = "rack";
  Rig rig(draft);
  EXPECT_THAT(rig.send(without_ipv4(discover())), Offers("10.0.0.100"));
}

TEST(Ipv6OnlyPreferred, ComesBeforeRapidCommit) {
  model::Draft draft = preferring_ipv6();
  draft.subnets[0].rapid_commit = true;
  Rig rig(draft);
  EXPECT_THAT(rig.send(in_one_round(without_ipv4(discover()))), Offers("0.0.0.0"));
}

TEST(Ipv6OnlyPreferred, TakesNoLeaseAwayThatIsRenewed) {
  Rig rig(preferring_ipv6());
  rig.lease_to(1, "10.0.0.100");
  EXPECT_THAT(rig.send(without_ipv4(renewing("10.0.0.100"))), Acks("10.0.0.100"));
}

}  // namespace
}  // namespace slipway::dhcp
