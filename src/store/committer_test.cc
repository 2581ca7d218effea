// SPDX-License-Identifier: MPL-2.0
#include "store/committer.h"

#include <future>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "store/faulty_store.h"
#include "store/memory_store.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

using lease::Change;
using lease::Lease;
using lease::Outcome;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;

/// Waits in each commit until it is let go; remembers the addresses of each.
class GatedStore final : public lease::Store {
 public:
  Result<std::vector<Lease>, Fault> load() override { return beneath_.load(); }
  Result<std::vector<Outcome>, Fault> commit(std::span<const Change> changes) override {
    std::vector<Ipv4> addresses;
    for (const Change& change : changes) addresses.push_back(change.lease.address);
    batches.push_back(std::move(addresses));
    entered.set_value();
    opened_.wait();
    entered = std::promise<void>();
    return beneath_.commit(changes);
  }
  void open() { gate_.set_value(); }

  std::promise<void> entered;
  std::vector<std::vector<Ipv4>> batches;

 private:
  MemoryStore beneath_;
  std::promise<void> gate_;
  std::shared_future<void> opened_ = gate_.get_future().share();
};

std::vector<Committer::Done> wait_for(Committer& committer, std::size_t count) {
  std::vector<Committer::Done> all;
  committer.hand_over();
  while (all.size() < count) {
    pollfd readable{committer.fd(), POLLIN, 0};
    if (::poll(&readable, 1, 10000) != 1) return all;
    for (auto& done : committer.drain()) all.push_back(std::move(done));
  }
  return all;
}

std::uint64_t counter(Metrics& metrics, std::string_view name) {
  return metrics.counter(name).value();
}

TEST(Committer, AnswersEveryTicketWithTheStoresOutcome) {
  MemoryStore store;
  Metrics metrics;
  Committer committer(store, metrics);
  committer.start();
  ASSERT_TRUE(committer.post(7, grant(lease_of(1, client(1)))));
  ASSERT_TRUE(committer.post(8, grant(lease_of(1, client(2)))));
  auto done = wait_for(committer, 2);
  ASSERT_EQ(done.size(), 2u);
  EXPECT_EQ(done[0].ticket, 7u);
  EXPECT_TRUE(done[0].outcome.granted());
  EXPECT_EQ(done[0].change.lease, lease_of(1, client(1)));
  EXPECT_EQ(done[1].ticket, 8u);
  EXPECT_EQ(done[1].outcome.kind, Outcome::Kind::refused);
  EXPECT_EQ(counter(metrics, "slipway_lease_changes_total"), 1u);
  EXPECT_EQ(counter(metrics, "slipway_lease_refusals_total"), 1u);
}

TEST(Committer, CommitsTogetherWhatArrivesDuringACommitSortedByAddress) {
  GatedStore store;
  Metrics metrics;
  Committer committer(store, metrics);
  committer.start();
  auto entered = store.entered.get_future();
  ASSERT_TRUE(committer.post(0, grant(lease_of(9, client(9)))));
  committer.hand_over();
  entered.wait();
  for (int i : {3, 1, 2}) ASSERT_TRUE(committer.post(1, grant(lease_of(i, client(i)))));
  store.open();
  committer.stop();
  EXPECT_THAT(store.batches,
              ElementsAre(ElementsAre(address(9)), ElementsAre(address(1), address(2), address(3))));
  EXPECT_EQ(counter(metrics, "slipway_lease_commits_total"), 2u);
  EXPECT_EQ(metrics.gauge("slipway_lease_largest_batch").value(), 3u);
}

TEST(Committer, GivesTheThreadWhatATurnPostedAtOnce) {
  GatedStore store;
  store.open();
  Metrics metrics;
  Committer committer(store, metrics);
  committer.start();
  for (int i : {1, 2, 3}) ASSERT_TRUE(committer.post(1, grant(lease_of(i, client(i)))));
  EXPECT_TRUE(store.batches.empty());
  EXPECT_EQ(wait_for(committer, 3).size(), 3u);
  committer.stop();
  EXPECT_EQ(store.batches.size(), 1u);
}

TEST(Committer, KeepsTheOrderOfChangesToOneAddress) {
  MemoryStore store;
  Metrics metrics;
  Committer committer(store, metrics);
  committer.start();
  Lease released = lease_of(1, client(1));
  released.state = lease::State::released;
  released.expires = start;
  ASSERT_TRUE(committer.post(1, grant(lease_of(1, client(1)))));
  ASSERT_TRUE(committer.post(2, {Change::Kind::release, released, client(1), {}}));
  ASSERT_TRUE(committer.post(3, grant(lease_of(1, client(2)))));
  for (const auto& done : wait_for(committer, 3)) EXPECT_TRUE(done.outcome.granted()) << done.ticket;
}

TEST(Committer, RefusesWhenTooManyTicketsAreOutAndTakesAgainAfterADrain) {
  GatedStore store;
  Metrics metrics;
  Committer committer(store, metrics, 2);
  committer.start();
  auto entered = store.entered.get_future();
  EXPECT_TRUE(committer.post(1, grant(lease_of(1, client(1)))));
  committer.hand_over();
  entered.wait();  // the first is out of the queue, but its ticket is not back
  EXPECT_TRUE(committer.post(2, grant(lease_of(2, client(2)))));
  EXPECT_FALSE(committer.post(3, grant(lease_of(3, client(3)))));
  store.open();
  EXPECT_EQ(wait_for(committer, 2).size(), 2u);
  EXPECT_TRUE(committer.post(3, grant(lease_of(3, client(3)))));
}

TEST(Committer, TellsTheReasonOfAFailedTransactionToEachOfItsTickets) {
  MemoryStore beneath;
  FaultyStore store(beneath, {.dies_at = 1});
  Metrics metrics;
  Committer committer(store, metrics);
  committer.start();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(committer.post(1, grant(lease_of(i, client(i)))));
  auto done = wait_for(committer, 3);
  ASSERT_EQ(done.size(), 3u);
  for (const auto& each : done) {
    EXPECT_EQ(each.outcome.kind, Outcome::Kind::failed);
    EXPECT_THAT(each.outcome.reason, HasSubstr("dead"));
  }
  EXPECT_THAT(counter(metrics, "slipway_lease_commit_failures_total"), Gt(0u));
  EXPECT_EQ(counter(metrics, "slipway_lease_changes_total"), 0u);
}

TEST(Committer, CommitsAllThatWasPostedBeforeItStops) {
  MemoryStore beneath;
  FaultyStore store(beneath, {.delay = std::chrono::milliseconds(5)});
  Metrics metrics;
  Committer committer(store, metrics);
  committer.start();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(committer.post(1, grant(lease_of(i, client(i)))));
  committer.stop();
  EXPECT_EQ(beneath.load().value().size(), 100u);
  EXPECT_EQ(committer.drain().size(), 100u);
  EXPECT_EQ(committer.outstanding(), 0u);
  EXPECT_FALSE(committer.post(1, grant(lease_of(1, client(1)))));
}

TEST(Committer, LosesNoTicketOverManySmallCommitsOfWhichSomeFail) {
  MemoryStore beneath;
  FaultyStore store(beneath, {.fail_every = 3});
  Metrics metrics;
  Committer committer(store, metrics, 64);
  committer.start();
  std::multiset<Ticket> back;
  std::map<Ticket, Outcome> outcomes;
  auto collect = [&](std::vector<Committer::Done> all) {
    for (auto& done : all) {
      back.insert(done.ticket);
      outcomes[done.ticket] = done.outcome;
    }
  };
  for (int i = 0; i < 5000; ++i) {
    while (!committer.post(static_cast<Ticket>(i), grant(lease_of(i, client(i))))) {
      collect(wait_for(committer, 1));
    }
    if (i % 3 == 0) committer.hand_over();
  }
  committer.stop();
  collect(committer.drain());
  ASSERT_EQ(back.size(), 5000u);
  std::set<Ipv4> durable;
  for (const Lease& lease : beneath.load().value()) durable.insert(lease.address);
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(back.count(static_cast<Ticket>(i)), 1u);
    ASSERT_EQ(outcomes[static_cast<Ticket>(i)].granted(), durable.contains(address(i)));
  }
}

}  // namespace
}  // namespace slipway::store
