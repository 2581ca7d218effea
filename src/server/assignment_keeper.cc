// SPDX-License-Identifier: MPL-2.0
#include "server/assignment_keeper.h"

#include <future>

#include "api/names.h"

namespace slipway::server {
namespace {

/// Where the disk takes nothing any more, the oldest notes are given up.
constexpr std::size_t most_notes = 65536;

}  // namespace

AssignmentKeeper::AssignmentKeeper(net::Reactor& reactor, assign::Store& store, Log log,
                                   std::function<void()> changed)
    : reactor_(reactor), store_(store), log_(std::move(log)), changed_(std::move(changed)), aside_(reactor) {
  auto loaded = store_.load();
  if (!loaded) throw StartupError("the assignments cannot be read: " + loaded.error().sentence());
  state_ = std::move(*loaded);
}

/// What was noted last is not lost with an orderly end.
AssignmentKeeper::~AssignmentKeeper() {
  if (writing_ || !noted_.empty()) [[maybe_unused]]
    auto written = commit({});
}

std::shared_ptr<const model::Assignments> AssignmentKeeper::snapshot() const {
  return std::make_shared<const model::Assignments>(state_.assignments);
}

Result<void, Fault> AssignmentKeeper::commit(const assign::Changes& changes) {
  // Notes first: they are older, and may speak of the same machine.
  assign::Changes notes = std::exchange(noted_, {});
  auto done = std::make_shared<std::promise<Result<void, Fault>>>();  // the thread lets go of it last
  auto committed = done->get_future();
  bool notes_written = true;
  aside_.run(
      [&, done] {
        if (!notes.empty()) notes_written = store_.commit(notes).has_value();
        done->set_value(changes.empty() ? Result<void, Fault>{} : store_.commit(changes));
      },
      [] {});
  Result<void, Fault> result = committed.get();
  if (!notes_written) noted_.insert(noted_.begin(), notes.begin(), notes.end());
  if (!result) return result;
  for (const assign::Change& change : changes) assign::apply(state_, change);
  return result;
}

void AssignmentKeeper::hear(const timeline::Event& event, const model::Plan& plan,
                            const timeline::Timeline& timeline) {
  if (!witness_.cares_for(event, state_)) return;
  const model::Machine* named = api::Names(plan, timeline).machine(*event.machine);
  std::string key = model::machine_key(named, *event.machine);
  for (assign::Change& change : witness_.see(event, key, state_, plan, timeline)) {
    bool over = std::holds_alternative<assign::OnceDone>(change);
    note(std::move(change));
    if (!over) continue;
    log_->info("machine {}: its order for one boot is over", key);
    tell_of_change();
  }
}

void AssignmentKeeper::came_up(const timeline::Boot& boot, Instant now, const model::Plan& plan,
                               const timeline::Timeline& timeline) {
  timeline::Event event;
  event.kind = timeline::Kind::machine_up;
  event.at = now;
  event.machine = boot.machine;
  event.boot = boot.id;
  hear(event, plan, timeline);
}

/// A rack may end its orders in one turn: one plan for all.
void AssignmentKeeper::tell_of_change() {
  if (std::exchange(change_is_due_, true)) return;
  reactor_.post([this] {
    change_is_due_ = false;
    changed_();
  });
}

void AssignmentKeeper::note(assign::Change change) {
  assign::apply(state_, change);
  if (noted_.size() >= most_notes) noted_.erase(noted_.begin());
  noted_.push_back(std::move(change));
  if (!writing_) write_notes();
}

void AssignmentKeeper::write_notes() {
  writing_ = true;
  auto notes = std::make_shared<assign::Changes>(std::exchange(noted_, {}));
  auto fault = std::make_shared<std::string>();
  auto work = [this, notes, fault] {
    if (auto written = store_.commit(*notes); !written) *fault = written.error().sentence();
  };
  aside_.run(work, [this, notes, fault] {
    writing_ = false;
    if (!fault->empty()) {
      log_->error("what machines boot is not written down: {}", *fault);
      noted_.insert(noted_.begin(), notes->begin(), notes->end());  // with the next one
      return;
    }
    if (!noted_.empty()) write_notes();
  });
}

}  // namespace slipway::server
