// SPDX-License-Identifier: MPL-2.0
// What happened, machine by machine: events in, boot attempts with a verdict out. Lives on one thread;
// holds no clock (`now` is an argument), writes nothing, forgets the least recently active machine
// and the oldest boots and events first, so it never outgrows its limits. Of a machine that no room was made
// for there are only its recent events. A machine is there because its packets are, or because whoever tells
// of a transfer says whose it is: what is asked for under a machine's name alone (Event::meant) is told,
// opens no story and moves none. It does not fail.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/flat_map.h"
#include "timeline/attempt.h"
#include "timeline/boot.h"
#include "timeline/event.h"

namespace slipway::timeline {

struct Limits {
  std::size_t machines = 16384;  ///< as many as are known in other places (server/known_clients.h)
  std::size_t boots_per_machine = 8;
  std::size_t events_per_machine = 128;
  std::size_t loose_events_per_machine = 8;  ///< of those, the ones that belong to no boot
  std::size_t recent_events = 4096;          ///< of all machines together
};

class Timeline {
 public:
  /// `boots_after`: the number before that of the first boot.
  explicit Timeline(Limits limits = {}, std::uint64_t boots_after = 0);

  /// Takes the event in: fills in machine (from the address), role, sequence and boot. The result
  /// is valid until the next `record`: hand it to whoever follows the events.
  const Event& record(Event event);

  /// Which machines the configuration names: they lose their place to each other alone.
  void prefer(std::function<bool(const MacAddress&)> named) { is_named_ = std::move(named); }
  bool is_named(const MacAddress& machine) const;
  /// The configuration knows this machine, though not by its MAC address: by its UUID, say. Kept as long
  /// as the machine is.
  void call(const MacAddress& machine, std::string_view name);
  /// What it was called last; empty: nothing.
  std::string_view name_of(const MacAddress& machine) const;
  struct Called {
    MacAddress machine;
    std::string name;
  };
  std::vector<Called> called() const;  ///< most recently active first

  /// Newest first; empty for a machine never seen or forgotten.
  std::vector<Boot> boots(const MacAddress& machine, Instant now) const;
  /// Whose boot this is; nothing: it is not kept (any more).
  std::optional<MacAddress> machine_of_boot(std::uint64_t id) const;
  /// The newest boot: what `slipway explain` tells.
  std::optional<Boot> explain(const MacAddress& machine, Instant now) const;

  std::vector<MacAddress> machines() const;                    ///< most recently active first
  std::vector<Event> events(const MacAddress& machine) const;  ///< oldest first
  /// Who else asked for its files lately (Event::meant), oldest first.
  std::vector<Event> strangers(const MacAddress& machine) const;
  /// Events of all machines with a sequence above `after`, oldest first, the newest `most` of them.
  std::vector<Event> recent(std::uint64_t after = 0, std::size_t most = 1000) const;

  std::optional<MacAddress> machine_at(Ipv4 address) const;
  std::uint64_t last_sequence() const { return sequence_; }

 private:
  using Kept = std::shared_ptr<const Event>;  ///< by its machine and among the recent ones: written once
  struct Track {
    MacAddress mac;
    std::string name;               ///< see `call`
    bool kept_as_named = false;     ///< in which list it is
    std::uint64_t active = 0;       ///< the newest event when something was last heard of it
    std::vector<Kept> events;       ///< oldest first
    std::size_t loose = 0;          ///< of these, those that belong to no boot
    std::vector<Attempt> attempts;  ///< oldest first
    std::vector<Ipv4> addresses;    ///< those that lead here in by_address_, newest last
  };
  using Tracks = std::list<Track>;  ///< most recently active first

  void note_foreign_server(const Event& event);
  void keep_machine_if_known(Event& event) const;
  struct Foreign {
    Ipv4 server;
    std::uint32_t link = 0;
    Instant since{};
  };
  bool is_named(const Track& track) const;
  void come_first(Track& track);
  Track* track_of(const MacAddress& machine, bool may_displace);  // null: there is no room
  void take_place_of_last(Tracks& of, const MacAddress& machine);
  std::vector<Ipv4> foreign_to(const Attempt& attempt) const;
  void keep(Track& track, const Kept& event) const;
  void learn_address(Track& track, const Event& event);
  void assign_boot(Track& track, Event& event);

  Limits limits_;
  std::uint64_t sequence_ = 0;
  std::uint64_t boot_ids_;
  std::vector<Foreign> foreign_servers_;  ///< heard now, newest last
  std::deque<Kept> recent_;
  std::function<bool(const MacAddress&)> is_named_;
  Tracks tracks_, named_;  ///< those that the configuration names apart
  FlatMap<MacAddress, Tracks::iterator> by_mac_;
  FlatMap<Ipv4, MacAddress> by_address_;
};

}  // namespace slipway::timeline
