// SPDX-License-Identifier: MPL-2.0
#include "store/committer.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <poll.h>

namespace slipway::store {
namespace {

constexpr std::size_t usual_batch = 64;  ///< changes of a busy turn of the loop
constexpr int idle_ms = 1000;            ///< so long without a change: the next one is not near

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the control thread
}

/// False: nothing came within `milliseconds`; negative: for ever.
bool wait_for(int fd, int milliseconds) {
  pollfd readable{fd, POLLIN, 0};
  return ::poll(&readable, 1, milliseconds) != 0;
}

}  // namespace

Committer::Committer(lease::Store& store, Metrics& metrics, std::size_t capacity)
    : store_(store),
      commits_(metrics.counter("slipway_lease_commits_total", {}, "Durable transactions, one sync each.")),
      failures_(metrics.counter("slipway_lease_commit_failures_total", {}, "Transactions that failed.")),
      changes_(metrics.counter("slipway_lease_changes_total", {}, "Lease changes made durable.")),
      refusals_(metrics.counter("slipway_lease_refusals_total", {}, "Lease changes the store refused.")),
      largest_batch_(metrics.gauge("slipway_lease_largest_batch", {}, "Most changes in one transaction.")),
      capacity_(capacity),
      jobs_(capacity + 1),  // the end always fits
      done_(capacity) {}    // never more than what is outstanding

Committer::~Committer() {
  stop();
}

void Committer::start() {
  thread_ = std::thread([this] { run(); });
}

bool Committer::post(Ticket ticket, lease::Change&& change) {
  if (!thread_.joinable() || outstanding_ >= capacity_) return false;
  if (posted_.empty()) posted_.reserve(usual_batch);
  posted_.push_back({ticket, std::move(change)});
  ++outstanding_;
  return true;
}

void Committer::hand_over() {
  if (posted_.empty()) return;
  if (!jobs_.post_all(std::exchange(posted_, {}))) std::abort();  // it has a place for each ticket
}

std::vector<Committer::Done> Committer::drain() {
  std::vector<Done> done = done_.drain();
  outstanding_ -= done.size();
  return done;
}

void Committer::stop() {
  if (!thread_.joinable()) return;
  hand_over();
  if (!jobs_.post({0, std::nullopt})) std::abort();  // there is one place more than tickets
  thread_.join();
}

void Committer::run() {
  block_signals();
  do {
    int patience = idle_ms;
    while (!wait_for(jobs_.fd(), patience)) patience = store_.tidy() ? 0 : -1;
  } while (work(jobs_.drain()));
}

bool Committer::work(std::vector<Job> jobs) {
  bool end = !jobs.empty() && !jobs.back().change;
  if (end) jobs.pop_back();
  // By address, so that transactions of several servers never wait for each other in a circle; of one
  // address in the order posted.
  std::vector<std::pair<Ipv4, std::size_t>> order;
  order.reserve(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) order.emplace_back(jobs[i].change->lease.address, i);
  std::sort(order.begin(), order.end());
  std::vector<Ticket> tickets;
  std::vector<lease::Change> changes;
  tickets.reserve(jobs.size());
  changes.reserve(jobs.size());
  for (auto [address, at] : order) {
    tickets.push_back(jobs[at].ticket);
    changes.push_back(std::move(*jobs[at].change));
  }
  if (!changes.empty()) commit(tickets, std::move(changes));
  return !end;
}

void Committer::commit(std::span<const Ticket> tickets, std::vector<lease::Change> changes) {
  auto outcomes = store_.commit(changes);
  if (outcomes) {
    commits_.add();
    if (changes.size() > largest_batch_.value()) largest_batch_.set(changes.size());
  } else {
    failures_.add();
  }
  std::string reason = outcomes ? std::string() : outcomes.error().sentence();
  std::vector<Done> done;
  done.reserve(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    lease::Outcome outcome = outcomes ? std::move((*outcomes)[i]) : lease::Outcome::failed(reason);
    if (outcomes) (outcome.granted() ? changes_ : refusals_).add();
    done.push_back({tickets[i], std::move(changes[i]), std::move(outcome)});
  }
  if (!done_.post_all(std::move(done))) std::abort();  // it has a place for each ticket
}

}  // namespace slipway::store
