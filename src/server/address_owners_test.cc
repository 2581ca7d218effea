// SPDX-License-Identifier: MPL-2.0
#include "server/address_owners.h"

#include <gtest/gtest.h>

#include "boot/test_plan.h"

namespace slipway::server {
namespace {

constexpr Ipv4 reserved{0x0a636314}, free_one{0x0a63631e}, other_site{0x0a636401}, nowhere{0xc0a80001};

/// node1 has a reservation in 10.99.99.0/24; in 10.99.100.0/24 another server gives the addresses.
class AddressOwnersTest : public testing::Test {
 protected:
  AddressOwnersTest() { publish(model::SubnetMode::proxy); }

  void publish(model::SubnetMode beside) {
    model::Draft draft = boot::testing::draft();
    draft.machines[0].address = reserved;
    model::Subnet other;
    other.network = *Prefix::parse("10.99.100.0/24");
    other.mode = beside;
    draft.subnets.push_back(other);
    owners_.publish(boot::testing::plan_of(draft));
  }
  static model::Client at(model::Client client, Ipv4 address) {
    client.address = address;
    return client;
  }

  model::Client node1_ = boot::testing::bios_ipxe(), stranger_ = boot::testing::stranger();
  KnownClients clients_;
  AddressOwners owners_{clients_};
};

TEST_F(AddressOwnersTest, KnowAReservationBeforeTheMachineWasHeard) {
  EXPECT_TRUE(owners_.is_of(node1_, reserved));
  EXPECT_FALSE(owners_.is_of(stranger_, reserved));
  EXPECT_EQ(owners_.owner_of(reserved), node1_.mac);
}

TEST_F(AddressOwnersTest, TakeNobodysWordWhereWeGiveTheAddresses) {
  clients_.learn(at(stranger_, free_one));
  EXPECT_FALSE(owners_.is_of(stranger_, free_one));
  EXPECT_FALSE(owners_.speaks_for(clients_.get(stranger_.mac), free_one));
  EXPECT_FALSE(owners_.owner_of(free_one));
  clients_.learn_given(at(stranger_, free_one));
  EXPECT_TRUE(owners_.speaks_for(stranger_, free_one));
  EXPECT_EQ(owners_.owner_of(free_one), stranger_.mac);
  EXPECT_FALSE(owners_.speaks_for(node1_, free_one));
}

TEST_F(AddressOwnersTest, TakeAMachinesWordWhereAnotherServerGivesThem) {
  for (auto mode : {model::SubnetMode::proxy, model::SubnetMode::off}) {
    publish(mode);
    clients_.learn(at(stranger_, other_site));
    EXPECT_TRUE(owners_.is_of(stranger_, other_site));
    EXPECT_EQ(owners_.owner_of(other_site), stranger_.mac);
    EXPECT_FALSE(owners_.speaks_for(node1_, other_site)) << "it is known as another's";
    EXPECT_FALSE(owners_.speaks_for(clients_.get(stranger_.mac), Ipv4{other_site.value + 1}))
        << "it is known to have another";
  }
}

// Its DISCOVER was heard, or the file names it, and what it took from the other server was not heard.
TEST_F(AddressOwnersTest, BelieveAScriptOfAMachineThatIsKnownBesideAnotherServer) {
  EXPECT_TRUE(owners_.speaks_for(node1_, other_site)) << "the file names it";
  EXPECT_FALSE(owners_.is_of(node1_, other_site)) << "which proves nothing";
  EXPECT_FALSE(owners_.speaks_for(stranger_, other_site)) << "a MAC address that anybody made up";
  clients_.learn(stranger_);
  EXPECT_TRUE(owners_.speaks_for(clients_.get(stranger_.mac), other_site));
  EXPECT_FALSE(owners_.speaks_for(node1_, nowhere)) << "no subnet of ours";
}

// Beside a server that we yield to, say: it was heard, and has no address of ours.
TEST_F(AddressOwnersTest, BelieveAScriptOfAMachineThatWasHeardAndGivenNothing) {
  EXPECT_FALSE(owners_.speaks_for(node1_, free_one)) << "the file names it, and it may be switched off";
  clients_.learn(node1_);
  EXPECT_TRUE(owners_.speaks_for(clients_.get(node1_.mac), free_one));
  EXPECT_FALSE(owners_.is_of(clients_.get(node1_.mac), free_one)) << "which proves nothing";
  clients_.learn(at(node1_, Ipv4{free_one.value + 1}));
  EXPECT_FALSE(owners_.speaks_for(clients_.get(node1_.mac), free_one)) << "we offered it another";
}

TEST_F(AddressOwnersTest, LetPixiecoreAskForMachinesBesideAnotherServerAlone) {
  EXPECT_TRUE(owners_.may_ask_for(at(node1_, other_site), Ipv4{other_site.value + 1}));
  EXPECT_FALSE(owners_.may_ask_for(stranger_, other_site));
  EXPECT_FALSE(owners_.may_ask_for(node1_, free_one));
}

}  // namespace
}  // namespace slipway::server
