// SPDX-License-Identifier: MPL-2.0
#include "server/up_watch.h"

#include <vector>

#include <fmt/format.h>

#include "base/quantity.h"

namespace slipway::server {
namespace {

using timeline::Event;
using timeline::Kind;
using Sign = model::UpRule::Sign;

bool may_be_the_last_file(const Event& event) {
  bool finished = event.kind == Kind::http_finished || event.kind == Kind::tftp_finished;
  return finished && (event.role == timeline::Role::archive || event.role == timeline::Role::kernel);
}

}  // namespace

UpWatch::UpWatch(net::Reactor& reactor, std::function<void(Event&&)> record, UpWatchLimits limits)
    : reactor_(reactor), record_(std::move(record)), limits_(limits), timer_(reactor, [this] { look(); }) {}

void UpWatch::hear(const Event& event, const timeline::Timeline& timeline) {
  if (!event.machine) return;
  auto known = watched_.find(*event.machine);
  if (known != watched_.end()) {
    // Its operating system may name itself differently, and get another address.
    if (event.kind == Kind::dhcp_ack) known->second.address = event.address;
    bool over = event.kind == Kind::machine_up || event.boot > known->second.boot;
    if (!over) return;
    knocking_ -= known->second.knock != nullptr;
    watched_.erase(known);
  }
  if (event.boot == 0 || !may_be_the_last_file(event)) return;
  auto boot = timeline.explain(*event.machine, event.at);
  bool waits = boot && boot->delivered && !boot->up_since;
  if (waits && (boot->up.sign == Sign::tcp || boot->up.sign == Sign::stay)) begin(*event.machine, *boot);
}

void UpWatch::begin(const MacAddress& machine, const timeline::Boot& boot) {
  if (watched_.size() >= limits_.machines) return;
  Tick now = reactor_.now().tick;
  watched_[machine] = {boot.id, boot.address, boot.up, now + boot.up.within, now + limits_.turn, nullptr};
  if (!timer_.armed()) timer_.after(limits_.turn);
}

void UpWatch::look() {
  Tick now = reactor_.now().tick;
  std::vector<std::pair<MacAddress, std::string>> up;
  for (auto at = watched_.begin(); at != watched_.end();) {
    auto& [machine, watched] = *at;
    bool late = now >= watched.deadline, knocks = watched.rule.sign == Sign::tcp;
    if (late && watched.rule.sign == Sign::stay)
      up.emplace_back(machine, fmt::format("it did not come back to boot within {}",
                                           human_duration(watched.rule.within)));
    bool over = now >= watched.deadline + (knocks ? limits_.gives_up : Duration::zero());
    if (over && !watched.knock) {
      at = watched_.erase(at);
      continue;
    }
    if (knocks && now >= watched.next) knock(machine, watched);
    ++at;
  }
  for (auto& [machine, by] : up) is_up(machine, std::move(by));
  if (!watched_.empty()) timer_.after(limits_.turn);
}

void UpWatch::knock(const MacAddress& machine, Watched& watched) {
  if (watched.knock || knocking_ >= limits_.knocks || watched.address.is_any()) return;
  ++knocking_;
  Tick now = reactor_.now().tick;
  watched.next = now + (now >= watched.deadline ? limits_.late_pause : limits_.pause);
  Endpoint to{watched.address, watched.rule.port};
  auto done = [this, machine, to](bool answered) {
    auto known = watched_.find(machine);
    --knocking_;
    if (known == watched_.end()) return;
    known->second.knock.reset();
    if (answered) is_up(machine, fmt::format("TCP port {} of {} answers", to.port, to.address.to_string()));
  };
  watched.knock = std::make_unique<net::TcpKnock>(reactor_, to, limits_.patience, done);
}

void UpWatch::is_up(const MacAddress& machine, std::string by) {
  Event event;
  event.kind = Kind::machine_up;
  event.machine = machine;
  event.detail = std::move(by);
  record_(std::move(event));
}

}  // namespace slipway::server
