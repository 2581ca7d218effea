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
  std::uint64_t dies_at =
      troubles_.dies_in_commit ? 1 + random_.below(std::uint64_t{2} * troubles_.dies_in_commit) : 0;
  life_ = std::make_unique<Life>(*this, dies_at, random_.below(2) == 0);
  auto leases = life_->store.load();
  ASSERT_TRUE(leases.has_value());
  life_->book.load(std::move(*leases), scheduler_.now());
}

void SimServer::crash() {
  if (!is_up()) return;
  laws_.died_with_server(life_->waiting.size());
  die();
}

void SimServer::die() {
  ++crashes_;
  laws_.died_unheard(life_->intake.size() + life_->probes.under_way());
  life_.reset();
  laws_.check_store();
  scheduler_.after(milliseconds{1000 + static_cast<std::int64_t>(random_.below(1000))}, [this] { start(); });
}

void SimServer::receive(const Bytes& packet, const dhcp::Arrival& arrival) {
  if (!is_up()) return;
  laws_.received();
  auto message = wire::parse_dhcp(packet);
  if (!message) return laws_.through_door(dhcp::Ignore{dhcp::drop_of(message.error()), {}});
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
    serve_in_time();
  });
}

void SimServer::serve() {
  if (auto packet = life_->intake.pop()) handle(std::move(*packet));
}

void SimServer::handle(dhcp::Packet packet) {
  auto handled = life_->responder.handle(packet.message, packet.arrival, scheduler_.now());
  carry_out(std::move(handled), std::move(packet), tick());
}

void SimServer::carry_out(dhcp::Handled handled, dhcp::Packet packet, Tick heard) {
  auto* answer = std::get_if<dhcp::Answer>(&handled.verdict);
  if (answer && answer->probe) {
    return offer({std::move(packet), std::move(*answer), std::move(handled.trace), heard});
  }
  laws_.through_door(handled.verdict);
  if (answer) return say(*answer);
  if (auto* claim = std::get_if<dhcp::Claim>(&handled.verdict)) take(std::move(*claim));
}

void SimServer::say(const dhcp::Answer& answer) {
  laws_.speaks(answer);
  speak_(answer);
}

void SimServer::offer(dhcp::Pending pending) {
  const dhcp::Probe probe = *pending.offer.probe;
  if (life_->probes.objection(pending, tick())) {
    laws_.through_door(pending.offer);
    return say(pending.offer);
  }
  if (!life_->probes.is_under_way(probe.address)) ask_(probe);
  if (life_->probes.hold(std::move(pending), tick()))
    laws_.through_door(dhcp::Ignore{dhcp::Drop::superseded, {}});
  look_at_probes();
}

void SimServer::look_at_probes() {
  auto due = life_->probes.due(tick());
  for (const dhcp::Probe& probe : due.ask_again) ask_(probe);
  for (const dhcp::Pending& silent : due.silent) {
    laws_.through_door(silent.offer);
    say(silent.offer);
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
  auto change =
      lease::Allocator(life_->book).quarantine(asked.address, asked.subnet, station, scheduler_.now());
  if (change) {
    ++laws_.tally.claimed, ++laws_.tally.received;  // one that no packet asked for
    take({std::move(*change), std::nullopt, dhcp::Ignore{dhcp::Drop::nothing_to_release, {}}});
  }
  dhcp::Packet& packet = pending.packet;
  auto handled = life_->responder.handle(packet.message, packet.arrival, scheduler_.now());
  carry_out(std::move(handled), std::move(packet), pending.heard);
}

void SimServer::take(dhcp::Claim claim) {
  if (life_->waiting.size() >= troubles_.queue) {
    life_->book.settle(claim.change, lease::Outcome::failed("full"), scheduler_.now());
    laws_.settled();
    return;
  }
  life_->waiting.push_back(std::move(claim));
  if (life_->committing) return;
  life_->committing = true;
  auto writing = milliseconds{1 + static_cast<std::int64_t>(random_.below(8))};
  scheduler_.after(writing, [this, life = lives_] {
    if (is_up() && life == lives_) commit();
  });
}

void SimServer::commit() {
  std::vector<dhcp::Claim> batch;
  batch.swap(life_->waiting);
  life_->committing = false;
  std::vector<lease::Change> changes;
  for (const dhcp::Claim& claim : batch) changes.push_back(claim.change);
  auto outcomes = life_->store.commit(changes);
  if (life_->store.dead()) {  // before or after the disk had it; nobody hears of it
    laws_.died_with_server(batch.size());
    return die();
  }
  if (!outcomes) outcomes = std::vector<lease::Outcome>(batch.size(), lease::Outcome::failed("disk"));
  carry_out(std::move(batch), *outcomes);
}

void SimServer::carry_out(std::vector<dhcp::Claim> batch, const std::vector<lease::Outcome>& outcomes) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    life_->book.settle(batch[i].change, outcomes[i], scheduler_.now());
    laws_.settled();
    if (batch[i].change.by.is_nobody() && outcomes[i].granted())
      laws_.quarantined(batch[i].change.lease.address);
    auto settled = dhcp::settle(std::move(batch[i]), outcomes[i]);
    if (auto* answer = std::get_if<dhcp::Answer>(&settled)) say(*answer);
  }
}

void SimServer::check_book() const {
  if (!is_up()) return;
  std::vector<lease::Lease> known = life_->book.list(), written;
  for (const auto& [address, lease] : *rows_) written.push_back(lease);
  EXPECT_EQ(known, written);
}

}  // namespace slipway::sim
