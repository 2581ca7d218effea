// SPDX-License-Identifier: MPL-2.0
#include "server/access_keeper.h"

#include <algorithm>
#include <future>

#include "base/printable.h"

namespace slipway::server {

AccessKeeper::AccessKeeper(net::Reactor& reactor, store::AccessStore& store, Log log)
    : store_(store), log_(std::move(log)), aside_(reactor) {
  auto loaded = store_.load();
  if (!loaded) throw StartupError("the tokens of the API cannot be read: " + loaded.error().sentence());
  access_ = std::move(*loaded);
}

/// What was noted last is not lost with an orderly end.
AccessKeeper::~AccessKeeper() {
  [[maybe_unused]] auto written = on_disk([this] { return store_.append(waiting_); });
}

Result<void, Fault> AccessKeeper::on_disk(const std::function<Result<void, Fault>()>& work) {
  auto done = std::make_shared<std::promise<Result<void, Fault>>>();  // the thread lets go of it last
  auto outcome = done->get_future();
  aside_.run([&work, done] { done->set_value(work()); }, [] {});
  return outcome.get();
}

Result<void, Fault> AccessKeeper::keep(const model::Token& token) {
  auto done = on_disk([&] { return store_.keep(token); });
  if (!done) return done;
  auto& tokens = access_.tokens;
  auto at =
      std::find_if(tokens.begin(), tokens.end(), [&](const auto& known) { return known.name > token.name; });
  tokens.insert(at, token);
  return done;
}

/// It opens nothing from here on, even where the disk takes nothing: then it is back with the next start, and
/// whoever asked is told.
Result<void, Fault> AccessKeeper::revoke(const std::string& name) {
  std::erase_if(access_.tokens, [&](const model::Token& token) { return token.name == name; });
  return on_disk([&] { return store_.revoke(name); });
}

void AccessKeeper::note(model::AuditEntry entry) {
  entry.number = access_.audit.empty() ? 1 : access_.audit.back().number + 1;
  entry.what = printable(entry.what);
  entry.outcome = without_controls(entry.outcome);
  log_->info("audit {}: {} ({}) {} -> {} {}", entry.number, entry.who, entry.from, entry.what, entry.status,
             entry.outcome);
  access_.audit.push_back(entry);
  if (access_.audit.size() > model::most_audit) access_.audit.pop_front();
  if (waiting_.size() < model::most_audit) waiting_.push_back(std::move(entry));
  if (!writing_) write();
}

void AccessKeeper::write() {
  writing_ = true;
  auto entries = std::make_shared<std::vector<model::AuditEntry>>(std::exchange(waiting_, {}));
  auto fault = std::make_shared<std::string>();
  auto work = [this, entries, fault] {
    if (auto written = store_.append(*entries); !written) *fault = written.error().sentence();
  };
  aside_.run(work, [this, fault] {
    writing_ = false;
    if (!fault->empty()) log_->error("changes are in the journal alone: {}", *fault);
    if (!waiting_.empty()) write();
  });
}

}  // namespace slipway::server
