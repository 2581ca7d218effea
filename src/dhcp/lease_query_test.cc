// SPDX-License-Identifier: MPL-2.0
// Who may ask for leases, and what is told (RFC 4388 §6.4).
#include "dhcp/lease_query.h"

#include "dhcp/test_rig.h"

namespace slipway::dhcp {
namespace {

using namespace test;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Optional;

model::Draft open_to_relays() {
  model::Draft draft = site();
  draft.server.lease_query = {Prefix::parse("10.0.0.0/29").value()};
  return draft;
}

DhcpMessage query(std::string_view giaddr = "10.0.0.6") {
  DhcpMessage message;
  message.hlen = message.htype = 0;
  message.xid = 0x77;
  message.options.set<opt::MessageType>(MessageType::lease_query);
  return relayed(message, giaddr);
}
DhcpMessage query_address(std::string_view address) {
  DhcpMessage message = query();
  message.ciaddr = ip(address);
  return message;
}
DhcpMessage query_mac(int client) {
  DhcpMessage message = query();
  message.set_mac(mac(client));
  return message;
}

auto Tells(MessageType type, std::string_view address) {
  return testing::ResultOf(
      [](const Settled& settled) {
        const DhcpMessage& message = said(settled);
        return std::pair(message.options.get<opt::MessageType>(), message.ciaddr);
      },
      std::pair(std::optional(type), ip(address)));
}

TEST(LeaseQuery, TellsWhoHasAnAddressForHowLong) {
  Rig rig(open_to_relays());
  DhcpMessage request = selecting("10.0.0.101");
  request.options.set<opt::ClientId>({1, 2, 3});
  request.options.set_raw(opt::RelayAgent::code, {1, 1, 'x'});
  rig.send(relayed(request, "10.0.0.9"));
  rig.now += seconds{100};

  Settled settled = rig.send(query_address("10.0.0.101"));
  EXPECT_THAT(settled, Tells(MessageType::lease_active, "10.0.0.101"));
  EXPECT_EQ(std::get<Answer>(settled).to, Destination(ToRelay{ip("10.0.0.6")}));
  const DhcpMessage& told = said(settled);
  EXPECT_EQ(told.xid, 0x77u);
  EXPECT_EQ(told.mac(), mac(1));
  EXPECT_TRUE(told.yiaddr.is_any());
  EXPECT_EQ(told.options.get<opt::ServerId>(), server_address);
  EXPECT_EQ(told.options.get<opt::ClientId>(), (Bytes{1, 2, 3}));
  EXPECT_EQ(told.options.get<opt::LeaseTime>(), seconds{900});
  EXPECT_EQ(told.options.get<opt::RenewalTime>(), seconds{400});
  EXPECT_EQ(told.options.get<opt::RebindingTime>(), seconds{775});
  EXPECT_EQ(told.options.get<opt::LastTransaction>(), seconds{100});
  EXPECT_EQ(told.options.get<opt::RelayAgent>(), (Bytes{1, 1, 'x'}));
  EXPECT_FALSE(told.options.has(opt::AssociatedIps::code));
}

TEST(LeaseQuery, TellsOnlyWhatItsListNamesAndNoTimeThatIsOver) {
  Rig rig(open_to_relays());
  rig.lease_to(1, "10.0.0.101");
  rig.now += seconds{600};
  DhcpMessage message = query_address("10.0.0.101");
  message.options.set<opt::ParameterList>({51, 58});
  const DhcpMessage told = said(rig.send(message));
  EXPECT_EQ(told.options.get<opt::LeaseTime>(), seconds{400});
  EXPECT_FALSE(told.options.has(opt::RenewalTime::code));
  EXPECT_FALSE(told.options.has(opt::RebindingTime::code));
  EXPECT_FALSE(told.options.has(opt::LastTransaction::code));
}

TEST(LeaseQuery, TellsAnAddressNobodyHasFromOneThatIsNotOurs) {
  Rig rig(open_to_relays());
  EXPECT_THAT(rig.send(query_address("10.0.0.101")), Tells(MessageType::lease_unassigned, "10.0.0.101"));
  EXPECT_THAT(rig.send(query_address("192.168.0.1")), Tells(MessageType::lease_unknown, "192.168.0.1"));
  rig.lease_to(1, "10.0.0.101");
  rig.now += seconds{1000};
  EXPECT_THAT(rig.send(query_address("10.0.0.101")), Tells(MessageType::lease_unassigned, "10.0.0.101"));
}

TEST(LeaseQuery, FindsAClientByMacAndByIdWhicheverItsLeaseIsHeldUnder) {
  for (auto identify : {model::Identify::mac, model::Identify::client_id}) {
    model::Draft draft = open_to_relays();
    draft.subnets[0].identify = identify;
    Rig rig(draft);
    DhcpMessage request = selecting("10.0.0.101");
    request.options.set<opt::ClientId>({1, 2, 3});
    rig.send(request);
    DhcpMessage by_id = query();
    by_id.options.set<opt::ClientId>({1, 2, 3});
    EXPECT_THAT(rig.send(query_mac(1)), Tells(MessageType::lease_active, "10.0.0.101"));
    EXPECT_THAT(rig.send(by_id), Tells(MessageType::lease_active, "10.0.0.101"));
    EXPECT_THAT(rig.send(query_mac(2)), Tells(MessageType::lease_unknown, "0.0.0.0"));
  }
}

TEST(LeaseQuery, NamesEveryAddressOfAClientTheLastUsedFirst) {
  model::Draft draft = open_to_relays();
  model::Subnet far = subnet("10.9.0.0/24", {pool("10.9.0.100", "10.9.0.110")});
  far.interface = "eth2";
  draft.subnets.push_back(far);
  Rig rig(draft);
  rig.lease_to(1, "10.0.0.101");
  rig.now += seconds{1};
  rig.send(relayed(selecting("10.9.0.100"), "10.9.0.1"));
  Settled settled = rig.send(query_mac(1));
  EXPECT_THAT(settled, Tells(MessageType::lease_active, "10.9.0.100"));
  EXPECT_THAT(said(settled).options.get<opt::AssociatedIps>(),
              Optional(ElementsAre(ip("10.9.0.100"), ip("10.0.0.101"))));
}

TEST(LeaseQuery, IsNotAnsweredWhereNobodyMayAsk) {
  Rig closed;
  EXPECT_THAT(closed.send(query_address("10.0.0.101")), Drops(Drop::lease_query_not_allowed));
  Rig rig(open_to_relays());
  EXPECT_THAT(rig.send(query("10.0.0.9")), Drops(Drop::lease_query_not_allowed));
  EXPECT_THAT(rig.send(query("0.0.0.0")), Drops(Drop::malformed_request));
  EXPECT_THAT(rig.send(query()), Drops(Drop::malformed_request)) << "it names nobody";
}

TEST(LeaseQuery, LeavesNoTraceWithTheMachineAskedAbout) {
  Rig rig(open_to_relays());
  EXPECT_TRUE(rig.handle(query_mac(1)).trace.client.mac.is_zero());
}

}  // namespace
}  // namespace slipway::dhcp
