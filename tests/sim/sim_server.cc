// SPDX-License-Identifier: MPL-2.0
#include "sim/sim_server.h"

#include <gtest/gtest.h>

namespace slipway::sim {

using std::chrono::milliseconds;

SimServer::Life::Life(SimServer& server, std::uint64_t dies_at, bool died_after_write)
    : store(server.disk_, {.delay = {},
                           .fail_every = server.troubles_.fails_to_write,
                           .dies_at = dies_at,
                           .died_after_write = died_after_write}),
      book(lease::Rules::from(*server.plan_, {&server.address_, 1})),
      responder(server.plan_, {}, book),
      intake(server.troubles_.intake) {}

SimServer::SimServer(Scheduler& scheduler, Random& random, Laws& laws, Troubles troubles,
                     std::shared_ptr<const model::Plan> plan, Ipv4 address,
                     std::shared_ptr<store::MemoryStore::Rows> rows, Speak speak, Ask ask)
    : scheduler_(scheduler),
      random_(random),
      laws_(laws),
      troubles_(troubles),
      plan_(std::move(plan)),
      address_(address),
      rows_(std::move(rows)),
      disk_(rows_),
      speak_(std::move(speak)),
      ask_(std::move(ask)) {}

void SimServer::start() {
  ++lives_;
  std::uint64_t last_commit =
      troubles_.dies_in_commit ? 1 + random_.below(std::uint64_t{2} * troubles_.dies_in_commit) : 0;
  life_ = std::make_unique<Life>(*this, last_commit, random_.below(2) == 0);
  auto leases = life_->store.load();
  ASSERT_TRUE(leases.has_value());
  life_->book.load(std::move(*leases), now());
  if (dies_at(Step::loading)) return;
  check_book();
}

bool SimServer::is_idle() const {
  return !is_up() || (life_->waiting.empty() && life_->intake.empty() && life_->probes.under_way() == 0);
}

bool SimServer::dies_at(Step step) {
  if (troubles_.dies_at_step == 0 || random_.below(troubles_.dies_at_step) != 0) return false;
  ++deaths_[static_cast<std::size_t>(step)];
  die();
  return true;
}

void SimServer::crash() {
  if (is_up()) die();
}

void SimServer::die() {
  ++crashes_;
  laws_.died_unheard(life_->intake.size() + life_->probes.under_way() + life_->in_hand);
  laws_.died_with_server(life_->waiting.size() + life_->committed);
  life_.reset();
  laws_.check_store();
  scheduler_.after(milliseconds{1000 + static_cast<std::int64_t>(random_.below(1000))}, [this] { start(); });
}

void SimServer::publish(std::shared_ptr<const model::Plan> plan) {
  plan_ = std::move(plan);
  if (!is_up()) return;
  life_->responder.publish(plan_, {});
  life_->book.set_rules(lease::Rules::from(*plan_, {&address_, 1}), now());
  dies_at(Step::reloaded);
}

void SimServer::jump(Duration by) {
  ahead_ += by;
  laws_.clock_jumped(by);
}

void SimServer::receive(const Bytes& packet, const dhcp::Arrival& arrival) {
  if (!is_up()) return;
  laws_.received();
  ++life_->in_hand;
  if (dies_at(Step::received)) return;
  auto message = wire::parse_dhcp(packet);
  if (!message) return through_door(dhcp::Ignore{dhcp::drop_of(message.error()), {}});
  --life_->in_hand;  // it is in the intake
  auto gone = life_->intake.push({std::move(*message), arrival});
  if (gone) laws_.through_door(dhcp::Ignore{gone->why, {}});
  serve_in_time();
}

/// The next packet when there was time for it.
void SimServer::serve_in_time() {
  if (troubles_.answer_takes == Duration::zero()) return serve();
  if (life_->serving || life_->intake.empty()) return;
  life_->serving = true;
  scheduler_.after(troubles_.answer_takes, [this, life = lives_] {
    if (!is_up() || life != lives_) return;
    life_->serving = false;
    serve();
    if (is_up()) serve_in_time();
  });
}

void SimServer::serve() {
  auto packet = life_->intake.pop();
  if (!packet) return;
  ++life_->in_hand;
  handle(std::move(*packet), tick());
}

void SimServer::handle(dhcp::Packet packet, Tick heard) {
  auto handled = life_->responder.handle(packet.message, packet.arrival, now());
  if (dies_at(Step::handled)) return;
  auto* answer = std::get_if<dhcp::Answer>(&handled.verdict);
  if (answer && answer->probe) {
    return offer({std::move(packet), std::move(*answer), std::move(handled.trace), heard});
  }
  through_door(handled.verdict);
  if (answer) say(*answer);
  if (auto* claim = std::get_if<dhcp::Claim>(&handled.verdict)) take(std::move(*claim));
}

void SimServer::through_door(const dhcp::Verdict& verdict) {
  --life_->in_hand;
  laws_.through_door(verdict);
}

void SimServer::say(const dhcp::Answer& answer) {
  laws_.speaks(answer);
  speak_(answer);
  dies_at(Step::said);
}

void SimServer::offer(dhcp::Pending pending) {
  const dhcp::Probe probe = *pending.offer.probe;
  if (life_->probes.objection(pending, tick())) {
    through_door(pending.offer);
    say(pending.offer);
    return;
  }
  if (!life_->probes.is_under_way(probe.address)) ask_(probe);
  --life_->in_hand;  // the probes hold it
  if (life_->probes.hold(std::move(pending), tick()))
    laws_.through_door(dhcp::Ignore{dhcp::Drop::superseded, {}});
  look_at_probes();
}

void SimServer::look_at_probes() {
  auto due = life_->probes.due(tick());
  for (const dhcp::Probe& probe : due.ask_again) ask_(probe);
  life_->in_hand += due.silent.size();
  for (dhcp::Pending& silent : due.silent) {
    if (life_->responder.stands(silent.offer)) {
      through_door(silent.offer);
      say(silent.offer);
    } else {
      handle(std::move(silent.packet), silent.heard);
    }
    if (!is_up()) return;
  }
  auto next = life_->probes.next();
  if (!next) return;
  scheduler_.after(*next - tick(), [this, life = lives_] {
    if (is_up() && life == lives_) look_at_probes();
  });
}

void SimServer::hears(const dhcp::Probe& asked, const MacAddress& station) {
  if (!is_up()) return;
  bool by_arp = asked.way == dhcp::Probe::Way::arp;
  auto answered = life_->probes.answered(asked.address, asked.interface,
                                         by_arp ? std::optional(station) : std::nullopt, tick());
  if (!answered.pending) return;
  dhcp::Pending& pending = *answered.pending;
  ++life_->in_hand;
  auto change = lease::Allocator(life_->book).quarantine(asked.address, asked.subnet, station, now());
  if (change) {
    ++laws_.tally.claimed, ++laws_.tally.received;  // one that no packet asked for
    take({std::move(*change), std::nullopt, dhcp::Ignore{dhcp::Drop::nothing_to_release, {}}});
    if (!is_up()) return;
  }
  handle(std::move(pending.packet), pending.heard);
}

void SimServer::take(dhcp::Claim claim) {
  if (life_->waiting.size() >= troubles_.queue) {
    life_->book.settle(claim.change, lease::Outcome::failed("full"), now());
    laws_.settled();
    return;
  }
  life_->waiting.push_back(std::move(claim));
  if (dies_at(Step::posted) || life_->committing) return;
  life_->committing = true;
  auto writing = milliseconds{1 + static_cast<std::int64_t>(random_.below(8))};
  scheduler_.after(writing, [this, life = lives_] {
    if (is_up() && life == lives_) commit();
  });
}

void SimServer::commit() {
  if (dies_at(Step::writing)) return;
  std::vector<dhcp::Claim> batch;
  batch.swap(life_->waiting);
  life_->committed = batch.size();
  life_->committing = false;
  std::vector<lease::Change> changes;
  for (const dhcp::Claim& claim : batch) changes.push_back(claim.change);
  auto before = laws_.before_commit(changes);
  auto outcomes = life_->store.commit(changes);
  laws_.after_commit(changes, before);
  if (life_->store.dead()) return die();  // before or after the disk had it; nobody hears of it
  if (dies_at(Step::written)) return;
  if (!outcomes) outcomes = std::vector<lease::Outcome>(batch.size(), lease::Outcome::failed("disk"));
  settle(std::move(batch), *outcomes);
}

void SimServer::settle(std::vector<dhcp::Claim> batch, const std::vector<lease::Outcome>& outcomes) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    life_->book.settle(batch[i].change, outcomes[i], now());
    laws_.settled();
    --life_->committed;
    if (batch[i].change.lease.state == lease::State::declined && outcomes[i].granted())
      laws_.quarantined(batch[i].change.lease.address);
    auto settled = dhcp::settle(std::move(batch[i]), outcomes[i]);
    if (dies_at(Step::settled)) return;
    auto* answer = std::get_if<dhcp::Answer>(&settled);
    if (answer) say(*answer);
    if (!is_up()) return;
  }
}

void SimServer::check_book() const {
  if (!is_up() || !is_idle()) return;
  std::vector<lease::Lease> known = life_->book.list(), written;
  for (const auto& [address, lease] : *rows_) written.push_back(lease);
  EXPECT_EQ(known, written) << "the book says something else than the store";
  EXPECT_EQ(life_->book.in_flight(), 0u) << "a claim that was settled is under way";
}

void SimServer::check_bounds(std::size_t addresses) const {
  if (!is_up()) return;
  EXPECT_LE(life_->book.size(), addresses);
  EXPECT_LE(life_->book.offers(), addresses);
  EXPECT_LE(life_->book.in_flight(), life_->waiting.size());
  EXPECT_LE(life_->waiting.size(), troubles_.queue);
  EXPECT_LE(life_->intake.size(), troubles_.intake.packets);
  EXPECT_LE(life_->probes.under_way(), dhcp::Probes::most_under_way);
}

}  // namespace slipway::sim
