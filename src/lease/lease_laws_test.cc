// SPDX-License-Identifier: MPL-2.0
// Random histories of many clients, judged by a naive model: a map as the store, and linear searches
// in place of every index. Seeds replay.
#include <algorithm>
#include <deque>
#include <map>

#include <gtest/gtest.h>

#include "base/random.h"
#include "lease/allocator.h"
#include "lease/test_clients.h"

namespace slipway::lease {
namespace {

constexpr int clients = 40;
constexpr int first_address = 10, last_address = 33;
constexpr std::chrono::seconds offer_held{30};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) { change_rules(); }

  void step() {
    now_ += below(200) == 0 ? std::chrono::minutes(below(90)) : Duration(below(3'000'000));
    int who = below(clients);
    switch (below(12)) {
      case 0:
      case 1:
      case 2:
        return discover(who);
      case 3:
      case 4:
        return request_offer(who);
      case 5:
        return request(who, address(first_address - 2 + below(28)));
      case 6:
        return renew(who);
      case 7:
        return give_up(who);
      case 8:
        return below(100) == 0 ? change_rules() : below(20) == 0 ? forget() : answer_one();
      default:
        return answer_one();
    }
  }

  /// How often an offer came from where: a history that never fills the pool proves little.
  std::map<Source, int> sources;

  void quiesce() {
    while (!posted_.empty()) answer_one();
    std::vector<Lease> rows;
    for (const auto& [at, row] : store_) rows.push_back(row);
    ASSERT_EQ(book_.list(), rows);
    ASSERT_EQ(book_.in_flight(), 0u);
  }

 private:
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }

  Asker asking(int who) {
    Asker made = asker(who, space(first_address, last_address));
    // Two pools, so that "lowest" and "oldest" have to look over a border.
    made.spaces[0].ranges = {{address(first_address), address(20)}, {address(21), address(last_address)}};
    if (who == 0 && reserved_) made.spaces[0].reserved = reserved_;
    return made;
  }

  void discover(int who) {
    Asker asking_client = asking(who);
    if (below(3) == 0) asking_client.requested = address(first_address - 2 + below(28));
    book_.pass_time(now_);
    for (auto [at, until] : offered_until_) ASSERT_TRUE(!book_.offered_to(at) || now_ < until);
    std::vector<Ipv4> fresh = all_where([&](Ipv4 at) { return is_fresh(at); });
    std::vector<Ipv4> idle = all_where([&](Ipv4 at) { return is_idle(at); });
    auto offer = allocator_.offer(asking_client, now_);
    if (!offer) {
      auto open = all_where([&](Ipv4 at) { return may_have(who, at); });
      ASSERT_TRUE(open.empty()) << open.front().to_string() << " could have been offered";
      return;
    }
    ASSERT_TRUE(may_have(who, offer->address)) << offer->address.to_string();
    ++sources[offer->source];
    switch (offer->source) {
      case Source::fresh:
        ASSERT_EQ(offer->address, fresh.front());
        break;
      case Source::reused:
        ASSERT_TRUE(fresh.empty());
        for (Ipv4 other : idle) ASSERT_LE(store_[offer->address].expires, store_[other].expires);
        break;
      case Source::offered_to_another:
        ASSERT_TRUE(fresh.empty() && idle.empty());
        break;
      default:
        break;
    }
    if (offer->source != Source::current && offer->source != Source::reservation) {
      ASSERT_EQ(*book_.offered_to(offer->address), client(who));
      offered_until_[offer->address] = now_ + offer_held;
    }
  }

  void request_offer(int who) {
    for (Ipv4 at : all_where([&](Ipv4 a) { return is_offered_to(a, who); })) request(who, at);
  }

  void request(int who, Ipv4 wanted) {
    bool expected = may_have(who, wanted);
    auto change = allocator_.claim(asking(who), wanted, now_);
    if (change) {
      ASSERT_TRUE(expected) << wanted.to_string() << " claimed by " << who;
      posted_.push_back(*change);
    } else if (expected) {
      bool other_one = change.error() == Refusal::claim_in_flight ||
                       (who == 0 && change.error() == Refusal::reserved_elsewhere);
      ASSERT_TRUE(other_one) << wanted.to_string() << " " << to_string(change.error());
    }
  }

  void renew(int who) {
    for (const Lease* lease : book_.all_of(client(who))) return request(who, lease->address);
  }

  void give_up(int who) {
    for (const Lease* lease : book_.all_of(client(who))) {
      auto change = below(4) == 0 ? allocator_.decline(lease->address, client(who), now_)
                                  : allocator_.release(lease->address, client(who), now_);
      if (change) posted_.push_back(*change);
      return;
    }
  }

  void forget() {
    if (auto change = allocator_.forget(address(first_address + below(24)), now_)) posted_.push_back(*change);
  }

  void change_rules() {
    Rules rules;
    excluded_ = {address(first_address + below(24)), address(first_address + below(24))};
    reserved_ = address(first_address + below(30));
    if (below(4) == 0) reserved_.reset();
    rules.excluded = excluded_;
    if (reserved_) rules.reserved = {*reserved_};
    if (below(2) == 0) rules.pools = {{address(first_address), address(20)}, {address(21), address(33)}};
    book_.set_rules(rules, now_);
  }

  /// The store answers the oldest change: by its judgement, or with a failure.
  void answer_one() {
    if (posted_.empty()) return;
    Change change = posted_.front();
    posted_.pop_front();
    if (below(20) == 0) return book_.settle(change, Outcome::failed("disk full"), now_);
    auto row = store_.find(change.lease.address);
    bool free =
        row == store_.end() || row->second.client == change.by || row->second.expires <= change.lease.granted;
    // The book is the only one that writes here: what it lets through, the store never refuses, but for a
    // change that was overtaken by one of the same client's.
    bool overtaken = row != store_.end() && row->second.state == State::declined;
    ASSERT_TRUE(free || overtaken) << change.lease.address.to_string();
    if (!free) return book_.settle(change, Outcome::refused(row->second), now_);
    if (change.kind == Change::Kind::forget) {
      store_.erase(change.lease.address);
    } else {
      store_[change.lease.address] = change.lease;
    }
    if (change.frees && store_.contains(*change.frees) && store_[*change.frees].client == change.by) {
      store_.erase(*change.frees);
    }
    book_.settle(change, Outcome::done(), now_);
  }

  // The naive model.
  std::vector<Ipv4> all_where(const std::function<bool(Ipv4)>& wanted) const {
    std::vector<Ipv4> all;
    for (int i = first_address; i <= last_address; ++i) {
      if (wanted(address(i))) all.push_back(address(i));
    }
    return all;
  }
  bool is_excluded(Ipv4 at) const {
    return std::find(excluded_.begin(), excluded_.end(), at) != excluded_.end();
  }
  bool is_posted(Ipv4 at) const {
    return std::any_of(posted_.begin(), posted_.end(),
                       [&](const Change& c) { return c.lease.address == at; });
  }
  bool is_posted_for_another(int who, Ipv4 at) const {
    const Change* last = nullptr;
    for (const Change& change : posted_) {
      if (change.lease.address == at) last = &change;
    }
    return last && (last->by != client(who) || last->kind == Change::Kind::decline);
  }
  bool is_held_by_another(int who, Ipv4 at) const {
    auto row = store_.find(at);
    return row != store_.end() && row->second.holds(now_) && row->second.client != client(who);
  }
  bool is_offered_to(Ipv4 at, int who) const {
    const ClientKey* to = book_.offered_to(at);
    return to && *to == client(who);
  }
  bool is_fresh(Ipv4 at) const {
    return !store_.contains(at) && !book_.offered_to(at) && !is_posted(at) && !is_excluded(at) &&
           at != reserved_;
  }
  bool is_idle(Ipv4 at) const {
    auto row = store_.find(at);
    return row != store_.end() && !row->second.holds(now_) && !book_.offered_to(at) && !is_posted(at) &&
           !is_excluded(at) && at != reserved_;
  }
  bool may_have(int who, Ipv4 at) const {
    bool in_pool = address(first_address) <= at && at <= address(last_address);
    bool own = who == 0 && at == reserved_;
    return !is_excluded(at) && (own || (in_pool && at != reserved_)) && !is_held_by_another(who, at) &&
           !is_posted_for_another(who, at);
  }

  SeededRandom random_;
  Instant now_ = start;
  Book book_;
  Allocator allocator_{book_, {.offer_held = offer_held, .quarantine = an_hour}};
  std::map<Ipv4, Lease> store_;
  std::map<Ipv4, Instant> offered_until_;
  std::deque<Change> posted_;
  std::vector<Ipv4> excluded_;
  std::optional<Ipv4> reserved_;
};

TEST(LeaseLaws, HoldInRandomHistories) {
  std::map<Source, int> sources;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed);
    for (int step = 0; step < 4000; ++step) {
      history.step();
      if (step % 500 == 499) history.quiesce();
      ASSERT_FALSE(testing::Test::HasFailure()) << "at step " << step;
    }
    for (auto [source, count] : history.sources) sources[source] += count;
  }
  for (Source source : {Source::reservation, Source::current, Source::former, Source::offered_before,
                        Source::wish, Source::fresh, Source::reused, Source::offered_to_another}) {
    EXPECT_GT(sources[source], 50) << to_string(source);
    RecordProperty(std::string(to_string(source)), sources[source]);
  }
}

}  // namespace
}  // namespace slipway::lease
