// SPDX-License-Identifier: MPL-2.0
// Tells machines on one link that it has no IPv6 router, so that firmware that asks for one goes on at
// once: a router advertisement of lifetime 0, without prefixes and flags, from which no host takes an
// address or a route (RFC 4861 §4.2, §6.3.4). It looks for a router before it says so, and stands back at
// once and for as long as one lives. One thread; `now` is an argument; nothing a stranger sends makes it
// fail or grow.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "wire/router_message.h"

namespace slipway::ndp {

/// Where every packet ends; each is a counter's label.
enum class Outcome : std::uint8_t {
  answered,    ///< a solicitation: an answer goes out, or is on its way already
  router,      ///< a router's advertisement: noted
  not_router,  ///< an advertisement that says nothing: another server does what we do

  // The packet is none (RFC 4861 §6.1).
  malformed,
  wrong_hop_limit,  ///< below 255: from beyond the link
  wrong_source,     ///< an address that its kind of message does not come from

  // A solicitation that is not answered.
  looking,       ///< whether there is a router is not known yet
  other_router,  ///< there is one
};
inline constexpr std::size_t outcome_count = static_cast<std::size_t>(Outcome::other_router) + 1;

std::string_view to_string(Outcome outcome);  ///< snake_case, as in metrics
std::string_view sentence(Outcome outcome);   ///< for a person: "a router advertises on this link"
std::span<const Outcome> all_outcomes();

struct Arrival {
  Ipv6 source;
  int hop_limit = 0;
};

struct ToSend {
  enum class What { solicitation, advertisement };
  What what;
  std::optional<Ipv6> to;  ///< absent: all routers, or all nodes
  friend bool operator==(const ToSend&, const ToSend&) = default;
};

class NoRouter {
 public:
  /// Begins to look for a router.
  NoRouter(Random& random, Tick now) : random_(random) { look(now); }

  /// What came of a packet, and whose it was where it said so.
  struct Heard {
    Outcome outcome;
    std::optional<MacAddress> machine;
  };
  Heard hear(ByteView packet, const Arrival& arrival, Tick now);

  /// When `due` has something next.
  Tick next() const;
  /// What is to be sent now.
  std::vector<ToSend> due(Tick now);

  /// The router we stand back for.
  const std::optional<Ipv6>& router() const { return router_; }

 private:
  struct Unicast {
    Tick at;
    Ipv6 to;
  };

  void look(Tick now);
  Outcome hear_solicitation(const wire::RouterSolicitation& solicitation, const Arrival& arrival, Tick now);
  Outcome hear_advertisement(const wire::RouterAdvertisement& said, const Arrival& arrival, Tick now);
  void plan_answer(const Ipv6& to, Tick now);
  bool is_planned(const Ipv6& to, Tick by) const;

  Random& random_;
  int looks_ = 0;
  Tick next_look_, answers_from_;
  std::optional<Ipv6> router_;
  Tick router_until_;
  std::optional<Tick> multicast_at_, last_multicast_;
  std::vector<Unicast> unicasts_;
  std::size_t unicasts_since_ = 0;  ///< since the last multicast
};

}  // namespace slipway::ndp
