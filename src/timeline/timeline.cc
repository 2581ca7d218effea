// SPDX-License-Identifier: MPL-2.0
#include "timeline/timeline.h"

#include <algorithm>
#include <iterator>

#include "timeline/verdict.h"

namespace slipway::timeline {
namespace {

constexpr std::size_t max_text = 512;             ///< of a name or detail: strangers write them
constexpr std::size_t events_of_an_exchange = 4;  ///< DISCOVER, OFFER, REQUEST, ACK
constexpr std::size_t max_foreign_servers = 8;
/// A server that is first heard so long after a boot's last packet has nothing to do with it.
constexpr std::chrono::minutes foreign_heard_late{1};
constexpr std::size_t most_strangers_told = 8;        ///< of a machine: who else asked for its files
constexpr std::size_t max_addresses_per_machine = 4;  ///< ROM, iPXE and OS may each hold one

bool is_transfer(Kind kind) {
  return kind >= Kind::tftp_started && kind <= Kind::http_refused;
}
bool ends_transfer(Kind kind) {
  return kind == Kind::tftp_finished || kind == Kind::tftp_failed || kind == Kind::http_finished ||
         kind == Kind::http_failed;
}
bool is_script(Kind kind) {
  return kind >= Kind::script_served && kind <= Kind::refusal_script_served;
}

/// An answer that gives the machine this address says whose it is.
bool gives_address(Kind kind) {
  return kind == Kind::dhcp_ack || kind == Kind::proxy_ack || kind == Kind::bootp_reply ||
         kind == Kind::lease_granted;
}
/// These hint at it, where no answer of ours said so: another server gives the addresses.
bool hints_at_address(Kind kind) {
  return kind == Kind::dhcp_request || kind == Kind::proxy_request || is_script(kind);
}

template <typename T>
void keep_newest(std::vector<T>& list, std::size_t most) {
  if (list.size() > most) list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(most));
}

}  // namespace

Timeline::Timeline(Limits limits, std::uint64_t boots_after) : limits_(limits), boot_ids_(boots_after) {
  for (std::size_t* limit : {&limits_.machines, &limits_.boots_per_machine, &limits_.events_per_machine,
                             &limits_.loose_events_per_machine, &limits_.recent_events}) {
    *limit = std::max<std::size_t>(*limit, 1);
  }
}

const Event& Timeline::record(Event event) {
  event.sequence = ++sequence_;
  event.boot = 0;
  event.name.resize(std::min(event.name.size(), max_text));
  event.detail.resize(std::min(event.detail.size(), max_text));
  if (event.role == Role::unknown && is_transfer(event.kind)) event.role = role_of(event.name);
  if (event.machine && event.machine->is_zero()) event.machine.reset();
  // What is fetched for another machine is no step of whoever has that address.
  if (!event.machine && !event.meant) event.machine = machine_at(event.address);

  if (event.kind == Kind::router_solicited) keep_machine_if_known(event);
  note_foreign_server(event);

  Track* track = event.machine ? track_of(*event.machine, Attempt::can_begin_with(event)) : nullptr;
  if (track) {
    learn_address(*track, event);
    assign_boot(*track, event);
  }
  recent_.push_back(std::make_shared<const Event>(std::move(event)));
  if (recent_.size() > limits_.recent_events) recent_.pop_front();
  if (track) keep(*track, recent_.back());
  return *recent_.back();
}

void Timeline::note_foreign_server(const Event& event) {
  bool heard = event.kind == Kind::foreign_server, gone = event.kind == Kind::foreign_server_gone;
  if ((!heard && !gone) || event.server.is_any()) return;
  auto known = std::find_if(foreign_servers_.begin(), foreign_servers_.end(), [&](const Foreign& one) {
    return one.server == event.server && one.link == event.link;
  });
  Foreign news{event.server, event.link, known == foreign_servers_.end() ? event.at : known->since};
  if (known != foreign_servers_.end()) foreign_servers_.erase(known);
  if (heard) foreign_servers_.push_back(news);
  keep_newest(foreign_servers_, max_foreign_servers);
}

/// Those on its own link: a machine on another one, or behind a relay, has nothing to do with them.
std::vector<Ipv4> Timeline::foreign_to(const Attempt& attempt) const {
  std::vector<Ipv4> servers;
  if (!attempt.relay().is_any()) return servers;
  for (const Foreign& one : foreign_servers_) {
    bool in_time = one.since <= attempt.last() + foreign_heard_late;
    if (in_time && one.link == attempt.link()) servers.push_back(one.server);
  }
  return servers;
}

/// The renewals of a system that runs for months push no packet of its boot out.
void Timeline::keep(Track& track, const Kept& event) const {
  auto is_loose = [](const Kept& kept) { return kept->boot == 0; };
  auto forget = [&](auto kept) {
    track.loose -= is_loose(*kept);
    track.events.erase(kept);
  };
  if (is_loose(event) && track.loose >= limits_.loose_events_per_machine)
    forget(std::find_if(track.events.begin(), track.events.end(), is_loose));
  if (track.events.size() >= limits_.events_per_machine) {
    // Some at once: what is in front moves all that is behind it.
    auto end = track.events.begin() + static_cast<std::ptrdiff_t>(1 + limits_.events_per_machine / 16);
    track.loose -= static_cast<std::size_t>(std::count_if(track.events.begin(), end, is_loose));
    track.events.erase(track.events.begin(), end);
  }
  track.events.push_back(event);
  track.loose += is_loose(event);
}

/// Every host on a link asks for routers: this alone makes none a machine of ours.
void Timeline::keep_machine_if_known(Event& event) const {
  if (!event.machine || by_mac_.contains(*event.machine)) return;
  event.name = event.machine->to_string();
  event.machine.reset();
}

bool Timeline::is_named(const Track& track) const {
  return !track.name.empty() || (is_named_ && is_named_(track.mac));
}

bool Timeline::is_named(const MacAddress& machine) const {
  return !name_of(machine).empty() || (is_named_ && is_named_(machine));
}

/// In the list it belongs to now: a file may have come to name it.
void Timeline::come_first(Track& track) {
  track.active = sequence_;
  auto place = by_mac_.at(track.mac);
  Tracks& from = track.kept_as_named ? named_ : tracks_;
  track.kept_as_named = is_named(track);
  Tracks& to = track.kept_as_named ? named_ : tracks_;
  to.splice(to.begin(), from, place);
}

/// Where more machines speak than are kept, a boot, or a machine that has a name, displaces the one not heard
/// of for longest, and of those that the file names none as long as there are others. The daily DHCP of a
/// running system, and whatever a stranger makes up, displaces nobody's story.
Timeline::Track* Timeline::track_of(const MacAddress& machine, bool may_displace) {
  if (auto found = by_mac_.find(machine); found != by_mac_.end()) {
    Track& track = *found->second;
    come_first(track);
    return &track;
  }
  if (tracks_.size() + named_.size() >= limits_.machines) {
    bool named = is_named_ && is_named_(machine);
    if (!may_displace || (tracks_.empty() && !named)) return nullptr;
    take_place_of_last(tracks_.empty() ? named_ : tracks_, machine);
  } else {
    tracks_.emplace_front();
    tracks_.front().events.reserve(events_of_an_exchange);
    tracks_.front().mac = machine;
    by_mac_[machine] = tracks_.begin();
  }
  Track& track = tracks_.front();
  come_first(track);
  return &track;
}

/// It is forgotten, and its memory is the newcomer's.
void Timeline::take_place_of_last(Tracks& of, const MacAddress& machine) {
  tracks_.splice(tracks_.begin(), of, std::prev(of.end()));
  Track& track = tracks_.front();
  for (Ipv4 address : track.addresses) by_address_.erase(address);
  by_mac_.erase(track.mac);
  by_mac_[machine] = tracks_.begin();
  track.mac = machine;
  track.kept_as_named = false;
  track.name.clear();
  track.events.clear();
  track.loose = 0;
  track.attempts.clear();
  track.addresses.clear();
}

void Timeline::learn_address(Track& track, const Event& event) {
  if (event.address.is_any() || event.address == Ipv4::broadcast()) return;
  auto owner = by_address_.find(event.address);
  bool known = owner != by_address_.end();
  if (known && owner->second == track.mac) return;
  bool hint = hints_at_address(event.kind) || (is_transfer(event.kind) && event.role == Role::script);
  if (!gives_address(event.kind) && (known || !hint)) return;
  if (known) std::erase(by_mac_.at(owner->second)->addresses, event.address);
  by_address_[event.address] = track.mac;
  track.addresses.push_back(event.address);
  if (track.addresses.size() > max_addresses_per_machine) {
    by_address_.erase(track.addresses.front());
    track.addresses.erase(track.addresses.begin());
  }
}

void Timeline::assign_boot(Track& track, Event& event) {
  bool open = !track.attempts.empty() && !track.attempts.back().ends_before(event);
  if (!open) {
    if (!Attempt::can_begin_with(event)) return;
    track.attempts.emplace_back(++boot_ids_, event);
    keep_newest(track.attempts, limits_.boots_per_machine);
  }
  Attempt& newest = track.attempts.back();
  // The end of a transfer that began before a machine was reset is of the boot it began in.
  bool of_former =
      ends_transfer(event.kind) && track.attempts.size() > 1 && event.at - event.took < newest.started();
  Attempt& attempt = of_former ? track.attempts[track.attempts.size() - 2] : newest;
  if (!attempt.takes(event)) return;
  attempt.add(event);
  event.boot = attempt.id();
}

void Timeline::call(const MacAddress& machine, std::string_view name) {
  if (machine.is_zero()) return;
  Track* track = track_of(machine, true);
  if (!track) {  // all have names, and this one, too
    take_place_of_last(named_, machine);
    track = &tracks_.front();
  }
  track->name = name;
  come_first(*track);
}

std::string_view Timeline::name_of(const MacAddress& machine) const {
  auto found = by_mac_.find(machine);
  return found == by_mac_.end() ? std::string_view() : found->second->name;
}

std::vector<Timeline::Called> Timeline::called() const {
  std::vector<Called> result;
  for (const Track& track : named_) {
    if (!track.name.empty()) result.push_back({track.mac, track.name});
  }
  return result;
}

namespace {

/// It was given everything, and asked to boot again sooner than it can have been of use. With something else
/// to boot it was sent there by a person: an upgrade, or back from one.
bool came_back(const Attempt& attempt, const Attempt& next) {
  if (!attempt.delivered()) return false;
  const std::string& now_given = next.facts(StageName::script).shown.detail;
  if (!now_given.empty() && now_given != attempt.facts(StageName::script).shown.detail) return false;
  if (auto up = attempt.up_since()) return next.started() - *up <= proof_of_life;
  return next.started() - attempt.delivered_at() <= attempt.up_rule().within;
}

/// Nth of a machine's attempts, as it stands among the others.
Boot told(const std::vector<Attempt>& attempts, std::size_t number, const MacAddress& machine, Instant now,
          std::span<const Ipv4> foreign_servers) {
  const Attempt& attempt = attempts[number];
  Surroundings around{{}, 0, foreign_servers};
  if (number + 1 < attempts.size()) around.next_began = attempts[number + 1].started();
  for (std::size_t i = number; i > 0 && came_back(attempts[i - 1], attempts[i]); --i) ++around.returns;
  auto [verdict, diagnoses] = judge(attempt, now, around);
  Boot boot{attempt.id(),
            machine,
            attempt.started(),
            attempt.last(),
            attempt.address(),
            attempt.arch(),
            attempt.loader(),
            attempt.stages(),
            std::move(verdict),
            {},
            {},
            {},
            {}};
  if (attempt.delivered()) boot.delivered = attempt.delivered_at();
  boot.up_since = attempt.up_since();
  boot.up = attempt.up_rule();
  boot.diagnoses = std::move(diagnoses);
  return boot;
}

}  // namespace

std::vector<Boot> Timeline::boots(const MacAddress& machine, Instant now) const {
  std::vector<Boot> result;
  auto found = by_mac_.find(machine);
  if (found == by_mac_.end()) return result;
  const auto& attempts = found->second->attempts;
  for (std::size_t number = attempts.size(); number > 0; --number)
    result.push_back(told(attempts, number - 1, machine, now, foreign_to(attempts[number - 1])));
  return result;
}

std::optional<MacAddress> Timeline::machine_of_boot(std::uint64_t id) const {
  for (const Tracks* tracks : {&named_, &tracks_}) {
    for (const Track& track : *tracks) {
      for (const Attempt& attempt : track.attempts)
        if (attempt.id() == id) return track.mac;
    }
  }
  return std::nullopt;
}

std::optional<Boot> Timeline::explain(const MacAddress& machine, Instant now) const {
  auto found = by_mac_.find(machine);
  if (found == by_mac_.end() || found->second->attempts.empty()) return std::nullopt;
  const auto& attempts = found->second->attempts;
  return told(attempts, attempts.size() - 1, machine, now, foreign_to(attempts.back()));
}

std::vector<MacAddress> Timeline::machines() const {
  std::vector<MacAddress> result;
  auto named = named_.begin(), other = tracks_.begin();
  while (named != named_.end() || other != tracks_.end()) {
    bool first = other == tracks_.end() || (named != named_.end() && named->active >= other->active);
    result.push_back(first ? (named++)->mac : (other++)->mac);
  }
  return result;
}

std::vector<Event> Timeline::events(const MacAddress& machine) const {
  std::vector<Event> result;
  if (auto found = by_mac_.find(machine); found != by_mac_.end()) {
    for (const Kept& event : found->second->events) result.push_back(*event);
  } else {
    for (const Kept& event : recent_) {
      if (event->machine == machine) result.push_back(*event);
    }
  }
  return result;
}

std::vector<Event> Timeline::strangers(const MacAddress& machine) const {
  std::vector<Event> result;
  for (const Kept& event : recent_) {
    if (event->meant == machine) result.push_back(*event);
  }
  keep_newest(result, most_strangers_told);
  return result;
}

std::vector<Event> Timeline::recent(std::uint64_t after, std::size_t most) const {
  auto first = std::find_if(recent_.begin(), recent_.end(),
                            [after](const Kept& event) { return event->sequence > after; });
  auto count = static_cast<std::size_t>(recent_.end() - first);
  if (count > most) std::advance(first, count - most);
  std::vector<Event> result;
  std::for_each(first, recent_.end(), [&](const Kept& event) { result.push_back(*event); });
  return result;
}

std::optional<MacAddress> Timeline::machine_at(Ipv4 address) const {
  auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  return found->second;
}

}  // namespace slipway::timeline
