// SPDX-License-Identifier: MPL-2.0
#include "lease/allocator.h"

#include <set>

#include <gtest/gtest.h>

#include "lease/test_clients.h"

namespace slipway::lease {
namespace {

class AllocatorTest : public testing::Test {
 protected:
  AllocatorTest() {
    book.set_rules({.reserved = {}, .excluded = {}, .pools = {{address(10), address(12)}}}, now);
  }

  Result<Offer, Refusal> offer(int who) { return allocator.offer(asker(who, pool), now); }
  Ipv4 offered(int who) { return offer(who).value().address; }
  Result<Offer, Refusal> wish(int who, int wished) {
    Asker wishing = asker(who, pool);
    wishing.requested = address(wished);
    return allocator.offer(wishing, now);
  }
  Result<Change, Refusal> claim(int who, int wanted) {
    return allocator.claim(asker(who, pool), address(wanted), now);
  }
  std::optional<Refusal> refusal(int who, int wanted) {
    auto answer = allocator.may_have(asker(who, pool), address(wanted), now);
    return answer ? std::nullopt : std::optional(answer.error());
  }
  /// A claim that the store grants.
  void grant(int who, int wanted) { settle(claim(who, wanted).value()); }
  void settle(const Change& change) { book.settle(change, Outcome::done(), now); }
  void pass(Duration time) { now += time; }
  void reserve(int who_only, int reserved) {
    book.set_rules({.reserved = {address(reserved)}, .excluded = {}, .pools = {{address(10), address(12)}}},
                   now);
    reserved_for = who_only;
    reservation = address(reserved);
  }
  Asker reserving(int who) {
    Asker made = asker(who, pool);
    if (who == reserved_for) made.spaces[0].reserved = reservation;
    return made;
  }

  Instant now = start;
  Space pool = space(10, 12);
  Book book;
  Allocator allocator{book};
  int reserved_for = 0;
  Ipv4 reservation;
};

TEST_F(AllocatorTest, KeepsTheManyInQuarantineForMinutesThatAFewAreForADay) {
  pool = space(10, 109);
  book.set_rules({.reserved = {}, .excluded = {}, .pools = {{address(10), address(109)}}}, now);
  auto quarantined_for = [&](int wanted) {
    Change change = allocator.quarantine(address(wanted), pool.network, mac(wanted), now).value();
    settle(change);
    return change.lease.expires - now;
  };
  for (int wanted = 10; wanted < 26; ++wanted) EXPECT_EQ(quarantined_for(wanted), 24 * an_hour);
  EXPECT_EQ(quarantined_for(26), std::chrono::minutes(10)) << "somebody wants the pool empty";
  settle(allocator.forget(address(10), now).value());
  EXPECT_EQ(quarantined_for(27), std::chrono::minutes(10));
  settle(allocator.forget(address(11), now).value());
  settle(allocator.forget(address(12), now).value());
  EXPECT_EQ(quarantined_for(28), 24 * an_hour);
}

TEST_F(AllocatorTest, GivesTheLowestFreeAddressInAscendingOrder) {
  EXPECT_EQ(offered(1), address(10));
  EXPECT_EQ(offered(2), address(11));
  grant(3, 12);
  EXPECT_EQ(offer(1)->source, Source::offered_before);
  pass(std::chrono::minutes(1));
  EXPECT_EQ(offered(4), address(10)) << "an offer that lapsed leaves its address fresh";
}

TEST_F(AllocatorTest, OffersTheSameClientTheSameAddressTwice) {
  EXPECT_EQ(offered(1), address(10));
  EXPECT_EQ(offered(2), address(11));
  EXPECT_EQ(offered(1), address(10));
  EXPECT_EQ(wish(1, 12)->address, address(10));
}

TEST_F(AllocatorTest, OffersTheCurrentLeaseBeforeAWish) {
  grant(1, 11);
  auto answer = wish(1, 12);
  EXPECT_EQ(answer->address, address(11));
  EXPECT_EQ(answer->source, Source::current);
  EXPECT_EQ(book.offers(), 0u) << "a lease needs no offer";
}

TEST_F(AllocatorTest, GivesAFormerClientItsAddressBackWhileNobodyNeedsIt) {
  grant(1, 11);
  pass(2 * an_hour);
  EXPECT_EQ(offered(2), address(10));
  EXPECT_EQ(offered(3), address(12));
  EXPECT_EQ(offer(1)->address, address(11));
  EXPECT_EQ(offer(1)->source, Source::offered_before);
}

TEST_F(AllocatorTest, FulfilsAWishForAFreeAddress) {
  EXPECT_EQ(wish(1, 12)->source, Source::wish);
  EXPECT_EQ(offered(1), address(12));
}

TEST_F(AllocatorTest, DoesNotFulfilAWishForWhatIsOfferedHeldOrOutsideThePool) {
  wish(1, 12).value();
  grant(2, 11);
  EXPECT_EQ(wish(3, 12)->address, address(10));
  pass(std::chrono::minutes(1));
  EXPECT_EQ(wish(4, 11)->address, address(10));
  EXPECT_EQ(wish(5, 13)->address, address(12));
}

TEST_F(AllocatorTest, ReusesTheLongestUnusedAddressWhenThePoolIsUsedUp) {
  for (int who : {1, 2, 3}) {
    grant(who, 13 - who);  // 12 first, then 11, then 10
    pass(std::chrono::minutes(1));
  }
  EXPECT_EQ(offer(4).error(), Refusal::none_free);
  pass(2 * an_hour);
  EXPECT_EQ(offer(4)->source, Source::reused);
  EXPECT_EQ(offered(4), address(12));
  EXPECT_EQ(offered(5), address(11));
}

TEST_F(AllocatorTest, ReusesAReleasedAddressAtOnce) {
  for (int who : {1, 2, 3}) grant(who, 9 + who);
  settle(*allocator.release(address(11), client(2), now));
  EXPECT_EQ(offered(4), address(11));
}

TEST_F(AllocatorTest, AnOfferTakesNothingWhenNothingElseIsFree) {  // the pool has one address
  pool = space(10, 10);
  EXPECT_EQ(offered(1), address(10));
  EXPECT_EQ(offered(2), address(10));
  EXPECT_EQ(offer(3)->source, Source::offered_to_another);
  grant(1, 10);  // whoever requests first
  EXPECT_EQ(refusal(2, 10), Refusal::held_by_another);
  EXPECT_EQ(offer(2).error(), Refusal::none_free);
}

TEST_F(AllocatorTest, ForgetsAnOfferThatNobodyTook) {
  offered(1), offered(2), offered(3);
  pass(std::chrono::seconds(29));
  EXPECT_EQ(offer(4)->source, Source::offered_to_another);
  EXPECT_EQ(book.offers(), 3u);
  pass(std::chrono::seconds(1));
  EXPECT_EQ(offer(5)->source, Source::fresh);
  EXPECT_EQ(offered(5), address(11)) << "10 is offered to 4 now";
  EXPECT_EQ(book.offers(), 2u);
}

TEST_F(AllocatorTest, TakesTheOldestOfferFirst) {
  offered(1), offered(2), offered(3);
  pass(std::chrono::seconds(1));
  offered(1);
  EXPECT_EQ(offered(4), address(11));
}

TEST_F(AllocatorTest, GrantsARequestForWhatWasOfferedToNobody) {
  EXPECT_EQ(refusal(1, 12), std::nullopt);
}

TEST_F(AllocatorTest, NamesWhyAClientCannotHaveAnAddress) {
  book.set_rules({.reserved = {address(50)}, .excluded = {address(12)}, .pools = {}}, now);
  grant(2, 11);
  claim(3, 10).value();
  EXPECT_EQ(refusal(1, 0x20000), Refusal::wrong_network);
  EXPECT_EQ(refusal(1, 13), Refusal::outside_pools);
  EXPECT_EQ(refusal(1, 12), Refusal::excluded);
  EXPECT_EQ(refusal(1, 11), Refusal::held_by_another);
  EXPECT_EQ(refusal(1, 50), Refusal::reserved_for_another);
  EXPECT_EQ(refusal(1, 10), Refusal::claimed_by_another);
  settle(*allocator.decline(address(11), client(2), now));
  EXPECT_EQ(refusal(1, 11), Refusal::quarantined);
  EXPECT_EQ(offer(1).error(), Refusal::none_free);
}

TEST_F(AllocatorTest, HoldsAClaimedAddressUntilTheStoreAnswers) {
  Change change = claim(1, 10).value();
  EXPECT_EQ(offered(2), address(11));
  EXPECT_EQ(offer(1)->address, address(10)) << "its client sees it as its own";
  EXPECT_EQ(claim(1, 11).error(), Refusal::claim_in_flight);

  Change again = claim(1, 10).value();  // the client repeated its REQUEST
  book.settle(change, Outcome::failed("disk full"), now);
  EXPECT_EQ(refusal(3, 10), Refusal::claimed_by_another) << "the repeated one is still on its way";
  book.settle(again, Outcome::failed("disk full"), now);
  EXPECT_EQ(book.at(address(10)), nullptr);
  EXPECT_EQ(offered(3), address(10));
  EXPECT_EQ(book.in_flight(), 0u);
}

TEST_F(AllocatorTest, LearnsFromTheStoreWhoReallyHoldsAnAddress) {
  Change change = claim(1, 10).value();
  Lease holder = change.lease;
  holder.client = client(9);
  book.settle(change, Outcome::refused(holder), now);
  EXPECT_EQ(refusal(1, 10), Refusal::held_by_another);
  EXPECT_EQ(offered(1), address(11));
  EXPECT_EQ(offered(9), address(10));
}

TEST_F(AllocatorTest, SaysInAGrantWhatTheLeaseWillBe) {
  Asker asking = asker(1, pool);
  asking.client_id = {1, 2};
  asking.hostname = "node1";
  Change change = allocator.claim(asking, address(10), now).value();
  EXPECT_EQ(change.lease, (Lease{address(10),
                                 client(1),
                                 mac(1),
                                 {1, 2},
                                 {},
                                 "node1",
                                 pool.network,
                                 now,
                                 now + an_hour,
                                 State::active}));
  EXPECT_EQ(change.by, client(1));
}

TEST_F(AllocatorTest, LeasesForEverWhereTheSpaceSaysSo) {
  pool.for_ever = true;
  EXPECT_EQ(claim(1, 10)->lease.expires, forever);
}

TEST_F(AllocatorTest, KeepsTheNameWhenALoaderRenewsWithoutOne) {
  Asker named = asker(1, pool);
  named.hostname = "node1";
  settle(allocator.claim(named, address(10), now).value());
  EXPECT_EQ(claim(1, 10)->lease.hostname, "node1");
}

TEST_F(AllocatorTest, RenewsByMovingTheEndAndNothingElseFreesTheAddressBefore) {
  grant(1, 10);
  pass(std::chrono::minutes(50));
  grant(1, 10);
  pass(std::chrono::minutes(50));
  EXPECT_EQ(refusal(2, 10), Refusal::held_by_another);
  pass(std::chrono::minutes(10));
  EXPECT_EQ(refusal(2, 10), std::nullopt);
}

TEST_F(AllocatorTest, ReleasesAndDeclinesOnlyForTheHolder) {
  grant(1, 10);
  EXPECT_FALSE(allocator.release(address(10), client(2), now));
  EXPECT_FALSE(allocator.decline(address(10), client(2), now));
  EXPECT_FALSE(allocator.release(address(11), client(1), now));
  offered(2);
  EXPECT_FALSE(allocator.decline(address(11), client(2), now)) << "only offered";
  EXPECT_TRUE(allocator.release(address(10), client(1), now));
}

TEST_F(AllocatorTest, QuarantinesADeclinedAddressEvenIfThereIsNoOther) {
  pool = space(10, 10);
  grant(1, 10);
  Change change = allocator.decline(address(10), client(1), now).value();
  EXPECT_EQ(offer(1).error(), Refusal::none_free) << "already while it is on its way";
  settle(change);
  EXPECT_EQ(offer(1).error(), Refusal::none_free);
  EXPECT_EQ(offer(2).error(), Refusal::none_free);
  pass(std::chrono::hours(24));
  EXPECT_EQ(offered(2), address(10));
}

TEST_F(AllocatorTest, QuarantinesAnAddressThatSomebodyUsesWithoutALease) {
  Prefix subnet = pool.network;
  for (int round : {1, 2}) {  // an address never leased, and one whose quarantine ran out
    Change change = allocator.quarantine(address(10), subnet, mac(66), now).value();
    EXPECT_EQ(offered(round), address(11)) << "another one at once, before the store has spoken";
    settle(change);
    EXPECT_EQ(book.at(address(10))->mac, mac(66)) << "it is told who has it";
    EXPECT_EQ(book.at(address(10))->subnet, subnet);
    EXPECT_EQ(refusal(round, 10), Refusal::quarantined);
    pass(std::chrono::hours(24));
  }
}

TEST_F(AllocatorTest, QuarantinesNoAddressThatSomebodyWasGrantedMeanwhile) {
  grant(1, 10);
  EXPECT_FALSE(allocator.quarantine(address(10), pool.network, mac(66), now));
  claim(2, 11).value();
  EXPECT_FALSE(allocator.quarantine(address(11), pool.network, mac(66), now)) << "its claim is on its way";
}

TEST_F(AllocatorTest, ForgetsALeaseOrAQuarantineForTheOperator) {
  grant(1, 10);
  settle(*allocator.forget(address(10), now));
  EXPECT_EQ(book.at(address(10)), nullptr);
  grant(2, 10);
  settle(*allocator.decline(address(10), client(2), now));
  settle(*allocator.forget(address(10), now));
  EXPECT_EQ(refusal(3, 10), std::nullopt);
  EXPECT_FALSE(allocator.forget(address(10), now));
}

TEST_F(AllocatorTest, GivesAReservedAddressToItsClientInThePoolOrNot) {
  for (int reserved : {11, 200}) {
    reserve(1, reserved);
    auto answer = allocator.offer(reserving(1), now);
    EXPECT_EQ(answer->address, address(reserved));
    EXPECT_EQ(answer->source, Source::reservation);
  }
}

TEST_F(AllocatorTest, NeverGivesAReservedAddressToAnother) {
  reserve(1, 10);
  EXPECT_EQ(offered(2), address(11));
  EXPECT_EQ(offered(3), address(12));
  EXPECT_EQ(wish(4, 10)->address, address(11)) << "rather one that was offered";
  grant(2, 11), grant(3, 12);
  EXPECT_EQ(offer(4).error(), Refusal::none_free);
}

TEST_F(AllocatorTest, DoesNotTakeAnOfferedReservationForAMereOffer) {
  pool = space(10, 10);
  reserve(1, 10);
  allocator.offer(reserving(1), now).value();
  EXPECT_EQ(offer(2).error(), Refusal::none_free);
}

TEST_F(AllocatorTest, LetsALeaseRunOutBeforeItsAddressGoesToTheOneItIsReservedForNow) {
  grant(1, 10);
  reserve(2, 10);
  EXPECT_EQ(allocator.offer(reserving(2), now)->address, address(11));
  EXPECT_EQ(allocator.claim(reserving(2), address(10), now).error(), Refusal::held_by_another);
  EXPECT_EQ(refusal(1, 10), Refusal::reserved_for_another);
  settle(allocator.claim(reserving(1), address(12), now).value());
  EXPECT_EQ(allocator.offer(reserving(2), now)->address, address(10)) << "the other one moved";
}

TEST_F(AllocatorTest, FreesTheOldLeaseWithTheGrantOfAReservedAddress) {
  pool = space(10, 10);
  grant(1, 10);
  reserve(1, 11);
  EXPECT_EQ(allocator.claim(reserving(1), address(10), now).error(), Refusal::reserved_elsewhere);
  EXPECT_EQ(offer(2).error(), Refusal::none_free);
  Change moved = allocator.claim(reserving(1), address(11), now).value();
  EXPECT_EQ(moved.frees, address(10));
  settle(moved);
  EXPECT_EQ(offer(2)->source, Source::fresh);
  EXPECT_EQ(book.all_of(client(1)).size(), 1u);
}

TEST_F(AllocatorTest, ServesASecondClientOfTheSameReservationFromThePool) {
  reserve(1, 11);
  settle(allocator.claim(reserving(1), address(11), now).value());
  reserved_for = 2;
  EXPECT_EQ(allocator.offer(reserving(2), now)->address, address(10));
}

TEST_F(AllocatorTest, GoesToTheNextSubnetOfASharedNetworkWhenAPoolIsFull) {
  Space other;
  other.network = Prefix{{0x0b000000}, 24};
  other.ranges = {{{0x0b000005}, {0x0b000009}}};
  other.lease_time = std::chrono::seconds(60);
  for (int who : {1, 2, 3}) grant(who, 9 + who);
  Asker shared = asker(4, pool);
  shared.spaces.push_back(other);
  auto answer = allocator.offer(shared, now);
  EXPECT_EQ(answer->address, Ipv4{0x0b000005});
  EXPECT_EQ(answer->space, 1u);
  EXPECT_EQ(answer->lease_time, std::chrono::seconds(60));
  EXPECT_EQ(allocator.claim(shared, answer->address, now)->lease.subnet, other.network);
}

TEST_F(AllocatorTest, LeavesALeaseInAnotherNetworkAlone) {
  grant(1, 10);
  Space other;
  other.network = Prefix{{0x0b000000}, 24};
  other.ranges = {{{0x0b000005}, {0x0b000009}}};
  Change moved = allocator.claim(asker(1, other), {0x0b000005}, now).value();
  EXPECT_EQ(moved.frees, std::nullopt);
  settle(moved);
  EXPECT_EQ(book.all_of(client(1)).size(), 2u);
}

TEST_F(AllocatorTest, GivesEveryAddressOfAPoolToTheLast) {
  pool = space(0x100, 0x1ff);  // .0 and .255 inside a bigger network are good addresses
  for (int i = 0; i < 256; ++i) {
    ASSERT_EQ(offered(i), address(0x100 + i));
    grant(i, 0x100 + i);
  }
  EXPECT_EQ(offer(999).error(), Refusal::none_free);
}

TEST_F(AllocatorTest, LooksForAFreshAddressFromAHashOfTheClientOnWhereTold) {
  pool = space(0x100, 0x1ff);
  pool.ranges.push_back({address(0x300), address(0x3ff)});
  pool.hashed = true;
  std::set<Ipv4> given;
  int low = 0;
  for (int i = 0; i < 50; ++i) {
    given.insert(offered(i));
    low += *given.rbegin() <= address(0x100 + 50);
  }
  EXPECT_EQ(given.size(), 50u);
  EXPECT_LT(low, 50) << "as if it were ascending";
  EXPECT_GT(*given.rbegin(), address(0x300)) << "all ranges are used";

  Book elsewhere;
  Allocator other(elsewhere);
  EXPECT_EQ(other.offer(asker(7, pool), now)->address, offered(7)) << "another server, the same choice";
}

TEST_F(AllocatorTest, GivesAHashedPoolToTheLastAddress) {
  pool = space(10, 12);
  pool.ranges.push_back({address(20), address(22)});
  pool.hashed = true;
  std::set<Ipv4> given;
  for (int i = 0; i < 6; ++i) given.insert(offered(i));
  EXPECT_EQ(given.size(), 6u);
  EXPECT_EQ(*given.rbegin(), address(22));
}

TEST_F(AllocatorTest, FindsAReusableAddressThoughAWholeRackRanOutAtOnce) {
  pool = space(0x1000, 0x1fff);
  for (int i = 0; i < 0x1000; ++i) grant(i, 0x1000 + i);
  pass(an_hour);
  EXPECT_EQ(offer(99999)->source, Source::reused);
}

TEST_F(AllocatorTest, GivesNothingAwayThatRunsAgainAfterTheClockWasSetBack) {
  pool = space(10, 10);
  grant(1, 10);
  pass(2 * an_hour);
  book.pass_time(now);
  pass(-an_hour - std::chrono::minutes(30));
  EXPECT_EQ(offer(2).error(), Refusal::none_free);
}

}  // namespace
}  // namespace slipway::lease
