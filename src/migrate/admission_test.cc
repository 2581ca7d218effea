// SPDX-License-Identifier: MPL-2.0
#include "migrate/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::migrate {
namespace {

using ::testing::HasSubstr;

const Instant now = from_unix_seconds(1'700'000'000);
const Ipv4 server{0x0a000002};

Ipv4 ip(std::string_view text) {
  return Ipv4::parse(text).value();
}
MacAddress mac(int last) {
  return {{0x52, 0x54, 0, 0, 0, static_cast<std::uint8_t>(last)}};
}

model::Draft site() {
  model::Draft draft;
  draft.server.interfaces = {"eth1"};
  model::Subnet net;
  net.network = Prefix::parse("10.0.0.0/24").value();
  net.pools = {{{ip("10.0.0.100"), ip("10.0.0.199")}, {}, {}}};
  net.routers = {ip("10.0.0.101")};
  model::Subnet beside = net;
  beside.network = Prefix::parse("10.1.0.0/24").value();
  beside.mode = model::SubnetMode::proxy;
  beside.pools.clear();
  beside.routers.clear();
  draft.subnets = {net, beside};
  model::Machine node;
  node.name = "node1";
  node.macs = {mac(9)};
  node.address = ip("10.0.0.20");
  draft.machines = {node};
  return draft;
}

struct World {
  explicit World(model::Draft draft = site())
      : plan(model::Plan::build(std::move(draft), {}).value()),
        book(lease::Rules::from(*plan, {&server, 1})) {}

  /// "imported", or the name of the reason.
  std::string admit(const ForeignLease& lease) {
    auto admitted = admission.admit(lease, now);
    if (auto* skipped = std::get_if<Skipped>(&admitted)) {
      here = skipped->here;
      return std::string(to_string(skipped->why));
    }
    auto& change = std::get<lease::Change>(admitted);
    last = change;
    book.settle(change, lease::Outcome::done(), now);
    return "imported";
  }

  std::shared_ptr<const model::Plan> plan;
  lease::Book book;
  Admission admission{*plan, book};
  std::string here;
  lease::Change last;
};

ForeignLease held(std::string_view address, int client, std::chrono::seconds left = std::chrono::hours(1)) {
  ForeignLease lease;
  lease.address = ip(address);
  lease.mac = mac(client);
  lease.client_id = Bytes{1, static_cast<std::uint8_t>(client)};
  lease.hostname = "n" + std::to_string(client);
  lease.since = now - std::chrono::hours(1);
  lease.until = now + left;
  return lease;
}

TEST(Admission, TakesALeaseOverAsItStands) {
  World world;
  ASSERT_EQ(world.admit(held("10.0.0.100", 1)), "imported");
  const lease::Lease& lease = *world.book.at(ip("10.0.0.100"));
  EXPECT_EQ(lease.client, lease::ClientKey::of_mac(mac(1)));
  EXPECT_EQ(lease.client_id, (Bytes{1, 1}));
  EXPECT_EQ(lease.hostname, "n1");
  EXPECT_EQ(lease.granted, now - std::chrono::hours(1));
  EXPECT_EQ(lease.expires, now + std::chrono::hours(1));
  EXPECT_EQ(lease.subnet, world.plan->subnets()[0].network);
}

TEST(Admission, DoesItOnceHoweverOftenItIsAsked) {
  World world;
  ASSERT_EQ(world.admit(held("10.0.0.100", 1)), "imported");
  EXPECT_EQ(world.admit(held("10.0.0.100", 1)), "already_here");
  EXPECT_EQ(world.admit(held("10.0.0.100", 1, std::chrono::minutes(5))), "already_here") << "renewed since";
  EXPECT_EQ(world.admit(held("10.0.0.100", 1, std::chrono::hours(2))), "imported") << "renewed there";
}

TEST(Admission, KnowsClientsAsTheSubnetDoes) {
  model::Draft draft = site();
  draft.subnets[0].identify = model::Identify::client_id;
  World world(draft);
  ASSERT_EQ(world.admit(held("10.0.0.100", 1)), "imported");
  EXPECT_EQ(world.book.at(ip("10.0.0.100"))->client, lease::ClientKey::of_client_id(Bytes{1, 1}));
  ForeignLease nobody = held("10.0.0.102", 2);
  nobody.mac.reset();
  nobody.client_id.clear();
  EXPECT_EQ(world.admit(nobody), "no_identity");
}

TEST(Admission, NamesWhatItDoesNotTakeAndWhy) {
  World world;
  ForeignLease free = held("10.0.0.100", 1);
  free.standing = Standing::free;
  EXPECT_EQ(world.admit(free), "not_held");
  EXPECT_EQ(world.admit(held("10.0.0.100", 1, std::chrono::seconds(-1))), "expired");
  EXPECT_EQ(world.admit(held("192.0.2.1", 1)), "no_subnet");
  EXPECT_EQ(world.admit(held("10.1.0.5", 1)), "gives_no_addresses");
  EXPECT_EQ(world.admit(held("10.0.0.50", 1)), "outside_pools");
  EXPECT_EQ(world.admit(held("10.0.0.101", 1)), "excluded");
  EXPECT_EQ(world.admit(held("10.0.0.20", 1)), "reserved_for_another");
  EXPECT_EQ(world.here, "node1");
  EXPECT_EQ(world.admit(held("10.0.0.100", 9)), "reserved_elsewhere");
  EXPECT_EQ(world.here, "10.0.0.20");
  EXPECT_EQ(world.admit(held("10.0.0.20", 9)), "imported");
}

TEST(Admission, NeverTouchesWhatAnotherClientHoldsAndTellsBothSides) {
  World world;
  ASSERT_EQ(world.admit(held("10.0.0.100", 1)), "imported");
  EXPECT_EQ(world.admit(held("10.0.0.100", 2)), "held_by_another");
  EXPECT_THAT(world.here, testing::ContainsRegex(
                              "mac 52:54:00:00:00:01 .n1. has 10.0.0.100 until 20..-..-.. ..:..:.. UTC$"));
  EXPECT_EQ(world.admit(held("10.0.0.102", 1)), "has_another_address");
  EXPECT_THAT(world.here, HasSubstr("has 10.0.0.100 until"));
  EXPECT_EQ(world.book.at(ip("10.0.0.100"))->client, lease::ClientKey::of_mac(mac(1)));
  EXPECT_TRUE(is_conflict(Skip::held_by_another));
}

TEST(Admission, KeepsAQuarantineUp) {
  World world;
  ForeignLease declined;
  declined.address = ip("10.0.0.110");
  declined.until = now + std::chrono::hours(1);
  declined.standing = Standing::quarantined;
  ASSERT_EQ(world.admit(declined), "imported");
  EXPECT_EQ(world.admit(declined), "already_here");
  EXPECT_EQ(world.book.at(ip("10.0.0.110"))->state, lease::State::declined);
  EXPECT_EQ(world.admit(held("10.0.0.110", 3)), "quarantined");
}

TEST(Admission, PrefersTheLeaseThatLastsLongestOfAMachineWithSeveral) {
  std::vector<ForeignLease> leases{held("10.0.0.105", 1, std::chrono::minutes(1)), held("10.0.0.106", 1)};
  order_for_admission(leases);
  World world;
  EXPECT_EQ(world.admit(leases[0]), "imported");
  EXPECT_EQ(world.admit(leases[1]), "has_another_address");
  EXPECT_NE(world.book.at(ip("10.0.0.106")), nullptr);
}

TEST(Admission, HearsFromTheStoreWhoHasTheAddress) {
  lease::Lease other;
  other.address = ip("10.0.0.100");
  other.client = lease::ClientKey::of_mac(mac(7));
  auto skipped = Admission::refused(lease::Outcome::refused(other));
  ASSERT_TRUE(skipped);
  EXPECT_EQ(skipped->why, Skip::store_refused);
  EXPECT_THAT(skipped->here, HasSubstr("mac 52:54:00:00:00:07"));
  EXPECT_EQ(Admission::refused(lease::Outcome::failed("disk full"))->here, "disk full");
  EXPECT_EQ(Admission::refused(lease::Outcome::done()), std::nullopt);
}

TEST(Admission, HasAWordForEveryReason) {
  for (int i = 0; i <= static_cast<int>(Skip::store_failed); ++i) {
    auto why = static_cast<Skip>(i);
    EXPECT_EQ(skip_named(to_string(why)), why);
    EXPECT_FALSE(sentence(why).empty());
  }
  EXPECT_EQ(skip_named("imported"), std::nullopt);
}

}  // namespace
}  // namespace slipway::migrate
