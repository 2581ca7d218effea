// SPDX-License-Identifier: MPL-2.0
#include "lease/book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lease/allocator.h"
#include "lease/test_clients.h"

namespace slipway::lease {
namespace {

using testing::ElementsAre;

Lease lease_of(int number, const ClientKey& holder, Instant expires = start + an_hour) {
  Lease lease;
  lease.address = address(number);
  lease.client = holder;
  lease.subnet = Prefix{{0x0a000000}, 16};
  lease.granted = start;
  lease.expires = expires;
  return lease;
}

TEST(Book, FindsALoadedLeaseByAddressAndByClientInItsNetwork) {
  Book book;
  Lease lease = lease_of(10, client(1));
  book.load({lease}, start);
  std::vector<Space> here{space(1, 20)}, elsewhere{space(1, 20)};
  elsewhere[0].network = Prefix{{0x0b000000}, 16};
  EXPECT_EQ(*book.at(address(10)), lease);
  EXPECT_EQ(*book.of(client(1), here), lease);
  EXPECT_EQ(book.of(client(1), elsewhere), nullptr);
  EXPECT_EQ(book.of(client(2), here), nullptr);
}

TEST(Book, ListsByAddress) {
  Book book;
  book.load({lease_of(12, client(1)), lease_of(10, client(2))}, start);
  EXPECT_THAT(book.list(), ElementsAre(lease_of(10, client(2)), lease_of(12, client(1))));
}

TEST(Book, FindsNobodyBehindAQuarantine) {
  Book book;
  Lease declined = lease_of(10, ClientKey());
  declined.state = State::declined;
  book.load({declined}, start);
  EXPECT_TRUE(book.all_of(ClientKey()).empty());
}

TEST(Book, FindsLeasesByTheIdentityTheyAreNotHeldUnderWhereTold) {
  Lease by_mac = lease_of(10, client(1)), by_id = lease_of(11, ClientKey::of_client_id(Bytes{1, 2}));
  by_mac.mac = by_id.mac = mac(1);
  by_mac.client_id = by_id.client_id = {1, 2};
  Book book;
  book.load({by_mac, by_id}, start);
  EXPECT_THAT(book.all_named(client(1)), ElementsAre(book.at(address(10))));
  book.set_rules({.reserved = {}, .excluded = {}, .pools = {}, .every_name = true}, start);
  EXPECT_THAT(book.all_named(client(1)), ElementsAre(book.at(address(10)), book.at(address(11))));
  EXPECT_THAT(book.all_named(ClientKey::of_client_id(Bytes{1, 2})),
              ElementsAre(book.at(address(11)), book.at(address(10))));

  Change renewed{Change::Kind::grant, by_mac, client(1), {}};
  renewed.lease.client_id = {3};
  book.settle(renewed, Outcome::done(), start);
  EXPECT_THAT(book.all_named(ClientKey::of_client_id(Bytes{3})), ElementsAre(book.at(address(10))));
  EXPECT_EQ(book.all_named(ClientKey::of_client_id(Bytes{1, 2})).size(), 1u);
  Change gone{Change::Kind::forget, by_id, by_id.client, {}};
  book.settle(gone, Outcome::done(), start);
  EXPECT_EQ(book.all_named(client(1)).size(), 1u);
}

TEST(Book, LoadsWhatRanOutAsReusable) {
  Book book;
  book.load({lease_of(10, client(1), start - an_hour)}, start);
  Allocator allocator(book);
  EXPECT_EQ(allocator.offer(asker(2, space(10, 10)), start)->source, Source::reused);
}

TEST(Book, TakesNewRulesWithoutLosingLeasesOrClaims) {
  Book book;
  book.load({lease_of(10, client(1))}, start);
  Allocator allocator(book);
  Change claim = allocator.claim(asker(2, space(10, 14)), address(11), start).value();
  EXPECT_EQ(allocator.offer(asker(3, space(10, 14)), start)->address, address(12));

  book.set_rules({.reserved = {}, .excluded = {address(12)}, .pools = {{address(10), address(14)}}}, start);
  EXPECT_EQ(allocator.offer(asker(3, space(10, 14)), start)->address, address(13));
  book.settle(claim, Outcome::done(), start);
  EXPECT_THAT(book.list(), ElementsAre(lease_of(10, client(1)), claim.lease));
}

TEST(Book, GivesAnAddressBackToThePoolWhenItIsNoLongerReserved) {
  Book book;
  Allocator allocator(book);
  book.set_rules({.reserved = {address(10)}, .excluded = {}, .pools = {}}, start);
  EXPECT_EQ(allocator.offer(asker(1, space(10, 11)), start)->address, address(11));
  book.set_rules({}, start);
  EXPECT_EQ(allocator.offer(asker(2, space(10, 11)), start)->address, address(10));
}

TEST(Book, EndsABoundedNumberOfLeasesAtATime) {
  Book book;
  std::vector<Lease> leases;
  for (int i = 0; i < 1000; ++i) leases.push_back(lease_of(i, client(i)));
  book.load(leases, start);
  int steps = 1;
  while (book.pass_time(start + an_hour)) ++steps;
  EXPECT_GT(steps, 10);
  EXPECT_EQ(book.size(), 1000u) << "what ran out stays known";
}

}  // namespace
}  // namespace slipway::lease
