// SPDX-License-Identifier: MPL-2.0
#include "dhcp/probes.h"

#include <array>

namespace slipway::dhcp {
namespace {

constexpr std::size_t most_witnesses = 1024;
constexpr auto witness_window = std::chrono::hours{1};

bool same_client(const wire::DhcpMessage& a, const wire::DhcpMessage& b) {
  return a.htype == b.htype && a.chaddr == b.chaddr;
}

}  // namespace

std::string_view to_string(Unasked why) {
  constexpr std::array<std::string_view, unasked_count> names{"known_silent", "offered_before",
                                                              "client_waits", "too_many", "cannot_ask"};
  return names[static_cast<std::size_t>(why)];
}

std::optional<Unasked> Probes::objection(const Pending& pending, Tick now) {
  const Probe& probe = *pending.offer.probe;
  auto asked = under_way_.find(probe.address);
  if (asked != under_way_.end()) {
    bool his = same_client(asked->second.pending.packet.message, pending.packet.message);
    return his ? std::nullopt : std::optional(Unasked::offered_before);
  }
  if (probe.only_joins) return Unasked::offered_before;
  if (is_silent(probe.address, now)) return Unasked::known_silent;
  bool too_late = now + time_of(probe.way) > pending.heard + times_.whole;
  if (too_late || pending.packet.message.secs >= patience_in_secs) return Unasked::client_waits;
  if (under_way_.size() >= most_under_way) return Unasked::too_many;
  return std::nullopt;
}

std::optional<Pending> Probes::hold(Pending pending, Tick now) {
  Ipv4 address = pending.offer.probe->address;
  auto asked = under_way_.find(address);
  if (asked != under_way_.end()) return std::exchange(asked->second.pending, std::move(pending));
  Duration time = time_of(pending.offer.probe->way);
  Question question{std::move(pending), now + time / 2, now + time};
  by_time_.emplace(question.at, address);
  under_way_.emplace(address, std::move(question));
  return std::nullopt;
}

Probes::Answered Probes::answered(Ipv4 address, unsigned interface, const std::optional<MacAddress>& by,
                                  Tick now) {
  auto asked = under_way_.find(address);
  if (asked == under_way_.end()) return {};
  const Pending& pending = asked->second.pending;
  const Probe& probe = *pending.offer.probe;
  if ((probe.way == Probe::Way::arp) != by.has_value()) return {};
  if (by && probe.interface != interface) return {};
  if (by && pending.packet.message.mac() == by) return {};  // it runs with the address it wants back
  if (asked->second.disbelieved) return {};
  if (answers_for_everyone(by ? Witness(*by) : Witness(probe.subnet), now)) {
    asked->second.disbelieved = true;
    return {Heard::disbelieved, std::nullopt};
  }
  Answered answered{Heard::in_use, std::move(asked->second.pending)};
  by_time_.erase({asked->second.at, address});
  under_way_.erase(asked);
  return answered;
}

Probes::Due Probes::due(Tick now) {
  Due due;
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    Ipv4 address = by_time_.begin()->second;
    by_time_.erase(by_time_.begin());
    auto asked = under_way_.find(address);
    Question& question = asked->second;
    if (question.end > now) {
      due.ask_again.push_back(*question.pending.offer.probe);
      question.at = question.end;
      by_time_.emplace(question.at, address);
      continue;
    }
    if (!question.disbelieved) {
      remember(address, now);
      witnesses_.erase(question.pending.offer.probe->subnet);  // not everyone answers there
    }
    due.silent.push_back(std::move(question.pending));
    under_way_.erase(asked);
  }
  return due;
}

std::optional<Tick> Probes::next() const {
  if (by_time_.empty()) return std::nullopt;
  return by_time_.begin()->first;
}

bool Probes::is_silent(Ipv4 address, Tick now) {
  auto known = silent_.find(address);
  return known != silent_.end() && known->second > now;
}

void Probes::remember(Ipv4 address, Tick now) {
  auto forget_first = [this] {
    silent_.erase(silent_by_time_.begin()->second);
    silent_by_time_.erase(silent_by_time_.begin());
  };
  while (!silent_by_time_.empty() && silent_by_time_.begin()->first <= now) forget_first();
  if (auto known = silent_.find(address); known != silent_.end()) {
    silent_by_time_.erase({known->second, address});
  } else if (silent_.size() >= most_remembered) {
    forget_first();
  }
  silent_[address] = now + times_.remembered;
  silent_by_time_.emplace(now + times_.remembered, address);
}

bool Probes::answers_for_everyone(const Witness& witness, Tick now) {
  if (witnesses_.size() >= most_witnesses && !witnesses_.contains(witness)) witnesses_.clear();
  Record& record = witnesses_[witness];
  if (record.answers == 0 || now - record.since > witness_window) record = {0, now};
  return ++record.answers > most_believed;
}

}  // namespace slipway::dhcp
