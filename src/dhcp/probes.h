// SPDX-License-Identifier: MPL-2.0
// OFFERs that wait for a word from the wire: whether somebody uses the address already (RFC 2131 §2.2: "the
// allocating server SHOULD probe the reused address before allocating the address"). It says which OFFER
// waits, for how long, when to ask once more, and what an answer means. What it cannot wait for is said
// without, for a named reason, and no client waits longer than its firmware does. Bounded in every way: what
// is under way, what is remembered, how often one station is believed.
// It asks nobody and reads no clock: `now` is an argument. Thread: control. Never fails.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "dhcp/intake.h"
#include "dhcp/verdict.h"

namespace slipway::dhcp {

/// An OFFER that is not said yet, and all it takes to decide anew if its address is in use.
struct Pending {
  Packet packet;
  Answer offer;  ///< its `probe` is set
  Trace trace;
  Tick heard;  ///< when the request came in; a second address does not begin to count anew
};

/// Why an OFFER does not wait for the wire.
enum class Unasked : std::uint8_t {
  known_silent,    ///< nobody answered a moment ago
  offered_before,  ///< to this client, who would not have taken so long without an answer
  client_waits,    ///< its `secs`, or the addresses tried before this one, took all the time there is
  too_many,        ///< as many are asked as may be
  cannot_ask,      ///< no such link, no route, a full socket: the caller says so
};
inline constexpr std::size_t unasked_count = static_cast<std::size_t>(Unasked::cannot_ask) + 1;
std::string_view to_string(Unasked why);  ///< snake_case, as in metrics

class Probes {
 public:
  /// iPXE asks again after 1 s, ROMs after 4. A host on the link answers within milliseconds; behind a relay
  /// the first echo often waits until the router there has found the host with ARP.
  struct Times {
    Duration arp = std::chrono::milliseconds{200};
    Duration echo = std::chrono::milliseconds{400};
    Duration whole = std::chrono::milliseconds{700};  ///< from the DISCOVER on, however many are in use
    Duration remembered = std::chrono::seconds{60};
  };
  /// Of a DISCOVER's whole time, however fast the answer came: ten to sixteen addresses are tried at most.
  static constexpr Duration cost_of_one_in_use = std::chrono::milliseconds{30};
  static constexpr std::size_t most_under_way = 256, most_remembered = 4096;
  /// ROMs say 4 in their first DISCOVER (PXE 2.1 §2.2): less than 8 is not impatience.
  static constexpr std::uint16_t patience_in_secs = 8;
  /// A station that answers for more addresses than this within an hour answers for everyone, as routers
  /// with proxy ARP do, and so does a network behind a relay where so many pings in a row were answered, as
  /// some firewalls have it: they must not empty the pool.
  static constexpr unsigned most_believed = 8;

  Probes() = default;
  explicit Probes(Times times) : times_(times) {}

  /// Why this OFFER is to be said at once; nothing: it waits, see `hold`.
  std::optional<Unasked> objection(const Pending& pending, Tick now);
  /// The address is asked for already, on behalf of this client: hold the OFFER, ask nothing.
  bool is_under_way(Ipv4 address) const { return under_way_.contains(address); }
  /// Keeps the OFFER until its time is over. Of two for one client the newer one is said: the older is
  /// returned and must be counted.
  std::optional<Pending> hold(Pending pending, Tick now);

  /// Somebody answered for the address. The OFFER that must not be said, or nothing: nobody asked, the
  /// answer is the client's own, or that of a station that answers for everyone. `by`: nobody for an echo.
  enum class Heard { nothing, in_use, disbelieved };
  struct Answered {
    Heard what = Heard::nothing;
    std::optional<Pending> pending;  ///< with `in_use`
  };
  Answered answered(Ipv4 address, unsigned interface, const std::optional<MacAddress>& by, Tick now);

  /// What is to be done by now: addresses to ask for once more, and OFFERs to say.
  struct Due {
    std::vector<Probe> ask_again;
    std::vector<Pending> silent;
  };
  Due due(Tick now);
  /// When `due` has something next.
  std::optional<Tick> next() const;
  std::size_t under_way() const { return under_way_.size(); }

 private:
  struct Question {
    Pending pending;
    Tick at, end;  // looked at next; given up
    bool disbelieved = false;
  };
  /// Who answers: a station, or somebody in a network behind a relay.
  using Witness = std::variant<MacAddress, Prefix>;
  struct Record {
    unsigned answers = 0;
    Tick since;
  };

  Duration time_of(Probe::Way way) const { return way == Probe::Way::arp ? times_.arp : times_.echo; }
  bool is_silent(Ipv4 address, Tick now);
  void remember(Ipv4 address, Tick now);
  bool answers_for_everyone(const Witness& witness, Tick now);

  Times times_;
  std::unordered_map<Ipv4, Question> under_way_;
  std::set<std::pair<Tick, Ipv4>> by_time_;  // the `at` of each question
  std::unordered_map<Ipv4, Tick> silent_;    // until when nobody needs to ask
  std::set<std::pair<Tick, Ipv4>> silent_by_time_;
  std::map<Witness, Record> witnesses_;
};

}  // namespace slipway::dhcp
