// SPDX-License-Identifier: MPL-2.0
// What a client is answered, rule by rule (RFC 2131 §4.3). What stands in the answers: reply_test.cc.
#include "dhcp/responder.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;

// -- DISCOVER ---------------------------------------------------------------------------------------

TEST(Responder, OffersTheLowestFreeAddress) {
  Rig rig;
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.101"));
}

TEST(Responder, OffersTheSameAddressToTheSameClientHoweverOftenItAsks) {
  Rig rig;
  rig.send(discover(1));
  rig.send(discover(2));
  rig.now += std::chrono::seconds{4};
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.100"));
}

TEST(Responder, OffersAClientTheLeaseItHas) {
  Rig rig;
  rig.lease_to(1, "10.0.0.102");
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.102"));
}

TEST(Responder, TakesNothingWithAnOffer) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
  EXPECT_THAT(rig.send(selecting("10.0.0.100", 2)), Acks("10.0.0.100"));
  EXPECT_THAT(rig.send(selecting("10.0.0.100", 1)), Naks());
}

TEST(Responder, GivesAPoolToItsLastAddressAndIsThenSilent) {
  Rig rig;
  for (int client = 1; client <= 3; ++client) {
    std::string address = "10.0.0." + std::to_string(99 + client);
    EXPECT_THAT(rig.send(discover(client)), Offers(address));
    rig.lease_to(client, address);
  }
  EXPECT_THAT(rig.send(discover(4)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(rig.send(packet(MessageType::request, 4)), Naks());
}

TEST(Responder, GivesALeaseThatRanOutToTheNext) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  Rig rig(draft);
  rig.lease_to(1, "10.0.0.100");
  EXPECT_THAT(rig.send(discover(2)), Drops(Drop::pool_exhausted));
  rig.now += std::chrono::seconds{1001};
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
}

TEST(Responder, SaysSoWhereNoPoolIsForTheClient) {
  model::Draft draft = site();
  model::BootClass phones;
  phones.name = "phones";
  phones.when.emplace().vendor_class = {"Phone*"};
  draft.classes = {phones};
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.102", "phones")};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover()), Drops(Drop::no_pool));
  DhcpMessage phone = discover();
  phone.options.set<opt::VendorClass>("Phone 7");
  EXPECT_THAT(rig.send(phone), Offers("10.0.0.100"));
}

// -- REQUEST: SELECTING -----------------------------------------------------------------------------

TEST(Responder, PromisesNothingBeforeTheLeaseIsDurable) {
  Rig rig;
  rig.send(discover());
  Handled handled = rig.handle(selecting("10.0.0.100"));
  auto* claim = std::get_if<Claim>(&handled.verdict);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->change.kind, lease::Change::Kind::grant);
  EXPECT_EQ(claim->change.lease.address, ip("10.0.0.100"));
  EXPECT_EQ(claim->change.lease.mac, mac(1));
  EXPECT_EQ(claim->change.lease.expires, start + std::chrono::seconds{1000});
  EXPECT_THAT(rig.carry_out(std::move(*claim)), Acks("10.0.0.100"));
}

TEST(Responder, SaysNothingWhenTheStoreFails) {
  Rig rig;
  Handled handled = rig.handle(selecting("10.0.0.100"));
  auto outcome = lease::Outcome::failed("disk full");
  EXPECT_THAT(rig.carry_out(std::get<Claim>(handled.verdict), outcome), Drops(Drop::store_failed));
  EXPECT_THAT(rig.send(selecting("10.0.0.100")), Acks("10.0.0.100"));
}

TEST(Responder, NaksWhenTheStoreKnowsAnotherHolder) {
  Rig rig;
  Handled handled = rig.handle(selecting("10.0.0.100", 1));
  Claim claim = std::get<Claim>(handled.verdict);
  lease::Lease theirs = claim.change.lease;
  theirs.client = lease::ClientKey::of_mac(mac(9));
  EXPECT_THAT(rig.carry_out(std::move(claim), lease::Outcome::refused(theirs)), Naks());
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.101"));
}

TEST(Responder, GrantsAFreeAddressThatWasOfferedToNobody) {
  Rig rig;
  EXPECT_THAT(rig.send(selecting("10.0.0.102")), Acks("10.0.0.102"));
}

TEST(Responder, NaksAnAddressThatAnotherClientHas) {
  Rig rig;
  rig.lease_to(1, "10.0.0.100");
  EXPECT_THAT(rig.send(selecting("10.0.0.100", 2)), Naks());
}

TEST(Responder, IsSilentAboutAnAddressOfTheSubnetThatIsInNoPool) {
  Rig rig;
  EXPECT_THAT(rig.send(selecting("10.0.0.50")), Drops(Drop::address_not_ours));
  EXPECT_THAT(rig.send(selecting("10.0.0.1")), Drops(Drop::address_not_ours));
}

TEST(Responder, NaksARequestForAnotherSubnet) {
  Rig rig;
  EXPECT_THAT(rig.send(selecting("192.168.1.5")), Naks());
}

TEST(Responder, IsSilentWhenTheClientChoseAnotherServer) {
  Rig rig;
  DhcpMessage message = selecting("10.0.0.100");
  message.options.set<opt::ServerId>(ip("10.0.0.77"));
  EXPECT_THAT(rig.send(message), Drops(Drop::not_for_us));
  message.options.set_raw(opt::ServerId::code, {10, 0});  // malformed: names nobody, so not us
  EXPECT_THAT(rig.send(message), Drops(Drop::not_for_us));
}

TEST(Responder, LetsARepeatedRequestWaitForTheSameLease) {
  Rig rig;
  Handled first = rig.handle(selecting("10.0.0.100"));
  Handled again = rig.handle(selecting("10.0.0.100"));
  EXPECT_THAT(rig.carry_out(std::get<Claim>(first.verdict)), Acks("10.0.0.100"));
  EXPECT_THAT(rig.carry_out(std::get<Claim>(again.verdict)), Acks("10.0.0.100"));
}

TEST(Responder, DropsARequestForASecondAddressWhileTheFirstIsBeingWritten) {
  Rig rig;
  Handled first = rig.handle(selecting("10.0.0.100"));
  EXPECT_THAT(rig.send(selecting("10.0.0.101")), Drops(Drop::claim_in_flight));
  EXPECT_THAT(rig.carry_out(std::get<Claim>(first.verdict)), Acks("10.0.0.100"));
}

TEST(Responder, FreesTheFormerAddressOfAClientThatTakesAnother) {
  Rig rig;
  rig.lease_to(1, "10.0.0.100");
  rig.lease_to(1, "10.0.0.101");
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
}

// -- REQUEST: INIT-REBOOT ---------------------------------------------------------------------------

model::Draft without_authority() {
  model::Draft draft = site();
  draft.subnets[0].authoritative = false;
  return draft;
}

TEST(Responder, AcksTheAddressARebootedClientHas) {
  Rig rig(without_authority());
  rig.lease_to(1, "10.0.0.101");
  EXPECT_THAT(rig.send(init_reboot("10.0.0.101")), Acks("10.0.0.101"));
}

TEST(Responder, NaksAnyOtherAddressOfAClientThatHasOne) {
  Rig rig(without_authority());
  rig.lease_to(1, "10.0.0.101");
  EXPECT_THAT(rig.send(init_reboot("10.0.0.100")), Naks());
  EXPECT_THAT(rig.send(init_reboot("192.168.1.5")), Naks());
}

TEST(Responder, IsSilentToARebootedStrangerWithoutAuthority) {
  Rig rig(without_authority());
  EXPECT_THAT(rig.send(init_reboot("10.0.0.100")), Drops(Drop::unknown_lease));
  EXPECT_THAT(rig.send(init_reboot("192.168.1.5")), Drops(Drop::unknown_lease));
}

TEST(Responder, NaksARebootedStrangerWithAuthorityEvenForAFreeAddress) {
  Rig rig;
  EXPECT_THAT(rig.send(init_reboot("10.0.0.100")), Naks());
  EXPECT_THAT(rig.send(init_reboot("192.168.1.5")), Naks());
}

TEST(Responder, AcksTheReservedAddressOfARebootedMachineThatHadNoLeaseYet) {
  model::Draft draft = without_authority();
  draft.machines = {machine("node1", 1, ip("10.0.0.20"))};
  Rig rig(draft);
  EXPECT_THAT(rig.send(init_reboot("10.0.0.20")), Acks("10.0.0.20"));
  EXPECT_THAT(rig.send(init_reboot("10.0.0.100")), Naks());
}

// -- REQUEST: RENEWING, REBINDING -------------------------------------------------------------------

TEST(Responder, RenewsTheLeaseOfItsClient) {
  Rig rig(without_authority());
  rig.lease_to(1, "10.0.0.101");
  rig.now += std::chrono::seconds{10};  // long before T1
  Handled handled = rig.handle(renewing("10.0.0.101"), unicast_from("10.0.0.101"));
  Claim claim = std::get<Claim>(handled.verdict);
  EXPECT_EQ(claim.change.lease.expires, rig.now + std::chrono::seconds{1000});
  EXPECT_THAT(rig.carry_out(std::move(claim)), Acks("10.0.0.101"));
  EXPECT_THAT(rig.send(renewing("10.0.0.101")), Acks("10.0.0.101"));
}

TEST(Responder, RenewsForAClientThatNamesTheServerToo) {
  Rig rig;
  rig.lease_to(1, "10.0.0.101");
  DhcpMessage message = renewing("10.0.0.101");
  message.options.set<opt::ServerId>(server_address);
  EXPECT_THAT(rig.send(message), Acks("10.0.0.101"));
}

TEST(Responder, TakesUpARunningMachinesLostLeaseWithAuthority) {
  Rig rig;
  EXPECT_THAT(rig.send(renewing("10.0.0.101")), Acks("10.0.0.101"));
  Rig other(without_authority());
  EXPECT_THAT(other.send(renewing("10.0.0.101")), Drops(Drop::unknown_lease));
}

TEST(Responder, NaksTheRenewalOfAnAddressThatIsAnothers) {
  Rig rig;
  rig.lease_to(1, "10.0.0.101");
  EXPECT_THAT(rig.send(renewing("10.0.0.101", 2)), Naks());
  EXPECT_THAT(rig.send(renewing("255.255.255.255", 2)), Naks());
}

TEST(Responder, NaksTheRenewalOfALeaseWhosePoolIsGone) {
  Rig rig;
  rig.lease_to(1, "10.0.0.102");
  model::Draft smaller = site();
  smaller.subnets[0].pools = {pool("10.0.0.100", "10.0.0.101")};
  rig.publish(smaller);
  EXPECT_THAT(rig.send(renewing("10.0.0.102")), Naks());
}

TEST(Responder, RenewsARoutedClientInTheSubnetOfItsAddress) {
  model::Draft draft = site();
  model::Subnet far = subnet("10.9.0.0/24", {pool("10.9.0.100", "10.9.0.110")});
  far.interface = "eth2";
  draft.subnets.push_back(far);
  Rig rig(draft);
  rig.send(relayed(selecting("10.9.0.100"), "10.9.0.1"));
  EXPECT_THAT(rig.send(renewing("10.9.0.100"), unicast_from("10.9.0.100")), Acks("10.9.0.100"));
}

TEST(Responder, GrantsARequestThatNamesNoAddressAtAll) {
  Rig rig;
  EXPECT_THAT(rig.send(packet(MessageType::request)), Acks("10.0.0.100"));
}

TEST(Responder, TakesNoLeaseAwayForALateCopyOfARequestThatNamesNoAddress) {
  Rig rig;
  EXPECT_THAT(rig.send(packet(MessageType::request)), Acks("10.0.0.100"));
  model::Draft draft = site();
  draft.machines = {machine("other", 2, ip("10.0.0.100"))};
  rig.publish(draft);
  EXPECT_THAT(rig.send(packet(MessageType::request)), Drops(Drop::just_granted));
  rig.now += std::chrono::seconds{10};
  EXPECT_THAT(rig.send(packet(MessageType::request)), Acks("10.0.0.101"));
}

// -- DECLINE, RELEASE, INFORM -----------------------------------------------------------------------

TEST(Responder, OffersADeclinedAddressToNobodyEvenIfThereIsNoOther) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  Rig rig(draft);
  rig.lease_to(1, "10.0.0.100");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(rig.send(decline("10.0.0.100"))));
  EXPECT_THAT(rig.send(discover(1)), Drops(Drop::pool_exhausted));
  EXPECT_THAT(rig.send(discover(2)), Drops(Drop::pool_exhausted));
  rig.now += std::chrono::hours{25};
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
}

TEST(Responder, TakesBackAnOfferThatWaitedWhileAnotherGotItsAddress) {
  Rig rig;
  auto offer = std::get<Answer>(rig.handle(discover(1)).verdict);
  ASSERT_TRUE(offer.probe);
  EXPECT_TRUE(rig.responder.stands(offer));
  rig.lease_to(2, offer.message.yiaddr.to_string());
  EXPECT_FALSE(rig.responder.stands(offer));
  rig.send(decline(offer.message.yiaddr.to_string(), 2));
  EXPECT_FALSE(rig.responder.stands(offer));
}

TEST(Responder, TakesBackAnOfferThatWaitedWhileItsAddressWasReserved) {
  Rig rig;
  auto offer = std::get<Answer>(rig.handle(discover(1)).verdict);
  model::Draft draft = site();
  draft.machines = {machine("reserved", 2, offer.message.yiaddr)};
  rig.publish(draft);
  EXPECT_FALSE(rig.responder.stands(offer));
}

TEST(Responder, TakesADeclineFromNobodyElseAndOnlyWithAnAddress) {
  Rig rig;
  rig.lease_to(1, "10.0.0.100");
  EXPECT_THAT(rig.send(decline("10.0.0.100", 2)), Drops(Drop::nothing_to_release));
  DhcpMessage vague = decline("10.0.0.100");
  vague.options.remove(opt::RequestedAddress::code);
  EXPECT_THAT(rig.send(vague), Drops(Drop::malformed_request));
  DhcpMessage elsewhere = decline("10.0.0.100");
  elsewhere.options.set<opt::ServerId>(ip("10.0.0.77"));
  EXPECT_THAT(rig.send(elsewhere), Drops(Drop::not_for_us));
  EXPECT_THAT(rig.send(init_reboot("10.0.0.100")), Acks("10.0.0.100"));
}

TEST(Responder, FreesAReleasedAddressAtOnceAndSaysNothing) {
  model::Draft draft = site();
  draft.subnets[0].pools = {pool("10.0.0.100", "10.0.0.100")};
  Rig rig(draft);
  rig.lease_to(1, "10.0.0.100");
  EXPECT_THAT(rig.send(release("10.0.0.100", 2)), Drops(Drop::nothing_to_release));
  Handled handled = rig.handle(release("10.0.0.100"), unicast_from("10.0.0.100"));
  Claim claim = std::get<Claim>(handled.verdict);
  EXPECT_FALSE(claim.if_granted.has_value());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(rig.carry_out(std::move(claim))));
  EXPECT_THAT(rig.send(discover(2)), Offers("10.0.0.100"));
}

TEST(Responder, AnswersAnInformWithOptionsAndNoLease) {
  Rig rig;
  DhcpMessage inform = packet(MessageType::inform);
  inform.ciaddr = ip("10.0.0.200");
  inform.options.set<opt::ParameterList>({1, 6, 15});
  Settled settled = rig.send(inform);
  EXPECT_THAT(settled, Says(MessageType::ack, "0.0.0.0"));
  EXPECT_EQ(said(settled).options.get<opt::DomainName>(), "example.org");
  EXPECT_FALSE(said(settled).options.has(opt::LeaseTime::code));
  EXPECT_FALSE(said(settled).options.has(opt::RenewalTime::code));
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(Unicast{ip("10.0.0.200")}));
  EXPECT_EQ(rig.book.size(), 0u);
}

TEST(Responder, AnswersAnInformWithoutAnAddressOnlyThroughARelay) {
  Rig rig;
  EXPECT_THAT(rig.send(packet(MessageType::inform)), Drops(Drop::inform_without_address));
  Settled settled = rig.send(relayed(packet(MessageType::inform), "10.0.0.9"));
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(ToRelay{ip("10.0.0.9")}));
}

// -- Nothing for us ---------------------------------------------------------------------------------

TEST(Responder, IgnoresWhatServersSay) {
  Rig rig;
  DhcpMessage reply = packet(MessageType::offer);
  reply.op = wire::Op::boot_reply;
  EXPECT_THAT(rig.send(reply), Drops(Drop::reply_packet));
  EXPECT_THAT(rig.send(packet(MessageType::offer)), Drops(Drop::bad_message_type));
}

TEST(Responder, IgnoresAMessageTypeThatDoesNotExist) {
  Rig rig;
  DhcpMessage message = discover();
  message.options.set_raw(opt::MessageType::code, {200});
  EXPECT_THAT(rig.send(message), Drops(Drop::bad_message_type));
  message.options.set_raw(opt::MessageType::code, {});
  EXPECT_THAT(rig.send(message), Drops(Drop::bad_message_type));
}

TEST(Responder, IgnoresBootpClients) {
  Rig rig;
  DhcpMessage message = discover();
  message.options.remove(opt::MessageType::code);
  EXPECT_THAT(rig.send(message), Drops(Drop::bootp_not_allowed));
}

TEST(Responder, IgnoresAPacketThatNamesItselfAsItsRelay) {
  Rig rig;
  EXPECT_THAT(rig.send(relayed(discover(), "10.0.0.2")), Drops(Drop::own_packet));
}

TEST(Responder, AnswersNobodyWhoNamesAnAddressThatNoHostHas) {
  for (const char* impossible : {"127.0.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.7", "10.0.0.255"}) {
    Rig rig;
    EXPECT_THAT(rig.send(relayed(discover(), impossible)), Drops(Drop::bad_address)) << impossible;
  }
  Rig rig;
  wire::DhcpMessage message = discover();
  message.ciaddr = ip("224.0.0.1");
  EXPECT_THAT(rig.send(message), Drops(Drop::bad_address));
}

TEST(Responder, IsSilentOnAnInterfaceWithoutAnAddress) {
  Rig rig;
  Arrival arrival = broadcast_on();
  arrival.local = Ipv4::any();
  EXPECT_THAT(rig.send(discover(), arrival), Drops(Drop::no_server_address));
}

TEST(Responder, IgnoresUnknownMachinesWhereTheFileSaysSo) {
  model::Draft draft = site();
  draft.boot.unknown = model::UnknownPolicy::ignore;
  draft.machines = {machine("node1", 1)};
  Rig rig(draft);
  EXPECT_THAT(rig.send(discover(2)), Drops(Drop::unknown_policy_ignore));
  EXPECT_THAT(rig.send(discover(1)), Offers("10.0.0.100"));
}

// -- What is told about it --------------------------------------------------------------------------

TEST(Responder, TellsWhoAskedWhereAndWhatBecameOfIt) {
  Rig rig;
  Trace trace = rig.handle(as_pxe_rom(discover(), 0)).trace;
  EXPECT_EQ(trace.asked, MessageType::discover);
  EXPECT_EQ(trace.client.mac, mac(1));
  EXPECT_EQ(trace.client.stage, model::Stage::pxe_rom);
  EXPECT_EQ(trace.known_by, "vendor class PXEClient");
  EXPECT_EQ(trace.subnet, Prefix::parse("10.0.0.0/24"));
  EXPECT_EQ(trace.address, ip("10.0.0.100"));
  EXPECT_EQ(trace.boot_file, "undionly.kpxe");
  EXPECT_EQ(trace.reason, "offered 10.0.0.100 (fresh); boot: the loader for BIOS (0)");
}

TEST(Responder, TellsTheLinkOfAMachineThatIsOnOne) {
  Rig rig;
  EXPECT_EQ(rig.handle(discover()).trace.link, broadcast_on().index);
  EXPECT_EQ(rig.handle(relayed(discover(), "10.0.0.9")).trace.link, 0u);
}

TEST(Responder, TellsTheReasonOfADropAndOfANak) {
  Rig rig;
  EXPECT_EQ(rig.handle(init_reboot("10.0.0.100")).trace.reason, "no lease of this client is known");
  EXPECT_EQ(rig.handle(discover(), broadcast_on("eth2")).trace.reason, sentence(Drop::no_subnet));
}

}  // namespace
}  // namespace slipway::dhcp
