// SPDX-License-Identifier: MPL-2.0
#include "ndp/no_router.h"

#include <algorithm>
#include <array>

namespace slipway::ndp {
namespace {

using namespace std::chrono_literals;

// RFC 4861 §10.
constexpr Duration min_delay_between_ras = 3s, rtr_solicitation_interval = 4s;
constexpr int max_rtr_solicitations = 3;
constexpr int link_hop_limit = 255;  // no router passes such a packet on

// §6.2.6 wants a random delay of at most 0.5 s, so that several routers do not answer at once. Where we
// answer there is no other, and a machine waits for it: a tenth of that.
constexpr Duration longest_delay = 50ms;

// A router that came without a word, and answers only whom it is asked by, is found by asking again.
constexpr Duration later_looks = 10min;

// Three times the longest interval between advertisements (§6.2.1): the life of what is told without one.
constexpr Duration default_life = 3 * 1800s;

// Between two multicasts. Whoever comes later is answered by the next of these.
constexpr std::size_t most_unicasts = 64;

struct Words {
  Outcome outcome;
  std::string_view name, sentence;
};
constexpr std::array<Words, outcome_count> words{{
    {Outcome::answered, "answered", "told that there is none"},
    {Outcome::router, "router", "a router says that it is there"},
    {Outcome::not_router, "not_router", "another server says that there is no router"},
    {Outcome::malformed, "malformed", "the packet is no router message"},
    {Outcome::wrong_hop_limit, "wrong_hop_limit", "the packet comes from beyond the link"},
    {Outcome::wrong_source, "wrong_source", "such a packet does not come from such an address"},
    {Outcome::looking, "looking", "not answered, it is not known yet whether there is one"},
    {Outcome::other_router, "other_router", "not answered, a router advertises on this link"},
}};
constexpr std::array<Outcome, outcome_count> outcomes = [] {
  std::array<Outcome, outcome_count> all{};
  for (std::size_t i = 0; i < outcome_count; ++i) all[i] = words[i].outcome;
  return all;
}();

Duration life_of(const wire::RouterAdvertisement& said) {
  return said.lifetime ? Duration(std::chrono::seconds{said.lifetime}) : default_life;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  return words[static_cast<std::size_t>(outcome)].name;
}

std::string_view sentence(Outcome outcome) {
  return words[static_cast<std::size_t>(outcome)].sentence;
}

std::span<const Outcome> all_outcomes() {
  return outcomes;
}

/// As a host does (§6.3.7). Routers answer within half a second, or three and a half when they just spoke.
void NoRouter::look(Tick now) {
  router_.reset();
  looks_ = 0;
  next_look_ = now;
  answers_from_ = now + rtr_solicitation_interval;
}

NoRouter::Heard NoRouter::hear(ByteView packet, const Arrival& arrival, Tick now) {
  auto message = wire::parse_router_message(packet);
  if (!message) return {Outcome::malformed, {}};
  if (auto* said = std::get_if<wire::RouterAdvertisement>(&*message))
    return {hear_advertisement(*said, arrival, now), {}};
  const auto& solicitation = std::get<wire::RouterSolicitation>(*message);
  return {hear_solicitation(solicitation, arrival, now), solicitation.link_layer};
}

Outcome NoRouter::hear_solicitation(const wire::RouterSolicitation& solicitation, const Arrival& arrival,
                                    Tick now) {
  if (arrival.hop_limit != link_hop_limit) return Outcome::wrong_hop_limit;
  // §6.1.1: who has no address yet names none of its link layer either.
  if (arrival.source.is_multicast() || (arrival.source.is_any() && solicitation.has_link_layer))
    return Outcome::wrong_source;
  if (router_ && now < router_until_) return Outcome::other_router;
  if (router_ || now < answers_from_) return Outcome::looking;
  plan_answer(arrival.source, now);
  return Outcome::answered;
}

Outcome NoRouter::hear_advertisement(const wire::RouterAdvertisement& said, const Arrival& arrival,
                                     Tick now) {
  if (arrival.hop_limit != link_hop_limit) return Outcome::wrong_hop_limit;
  if (!arrival.source.is_link_local()) return Outcome::wrong_source;  // §6.1.2
  if (said.says_nothing()) {
    // §6.2.5: so does a router that ceases to be one.
    if (router_ == arrival.source) look(now);
    return Outcome::not_router;
  }
  Tick until = now + life_of(said);
  router_until_ = router_ && router_ != arrival.source ? std::max(router_until_, until) : until;
  router_ = arrival.source;
  multicast_at_.reset();
  unicasts_.clear();
  return Outcome::router;
}

/// §6.2.6: to all at once, but not more often than every three seconds. In between to each alone, a
/// bounded number of them; the others wait for the next multicast.
void NoRouter::plan_answer(const Ipv6& to, Tick now) {
  Tick at = now + Duration(static_cast<std::int64_t>(random_.below(Duration(longest_delay).count() + 1)));
  if (is_planned(to, now + longest_delay)) return;
  bool quiet = !last_multicast_ || now >= *last_multicast_ + min_delay_between_ras;
  if (quiet) {
    multicast_at_ = at;
  } else if (to.is_link_local() && unicasts_since_ < most_unicasts) {
    ++unicasts_since_;
    unicasts_.push_back({at, to});
  } else if (!multicast_at_) {
    multicast_at_ = *last_multicast_ + min_delay_between_ras + (at - now);
  }
}

bool NoRouter::is_planned(const Ipv6& to, Tick by) const {
  return (multicast_at_ && *multicast_at_ <= by) ||
         std::any_of(unicasts_.begin(), unicasts_.end(), [&](const Unicast& u) { return u.to == to; });
}

Tick NoRouter::next() const {
  if (router_) return router_until_;
  Tick first = multicast_at_ ? std::min(next_look_, *multicast_at_) : next_look_;
  for (const Unicast& unicast : unicasts_) first = std::min(first, unicast.at);
  return first;
}

std::vector<ToSend> NoRouter::due(Tick now) {
  std::vector<ToSend> sends;
  if (router_ && now >= router_until_) look(now);  // it went without a word: is there another?
  if (router_) return sends;
  if (now >= next_look_) {
    sends.push_back({ToSend::What::solicitation, {}});
    next_look_ = now + (++looks_ < max_rtr_solicitations ? rtr_solicitation_interval : later_looks);
  }
  if (multicast_at_ && now >= *multicast_at_) {
    sends.push_back({ToSend::What::advertisement, {}});
    last_multicast_ = now;
    multicast_at_.reset();
    unicasts_.clear();  // they have heard it
    unicasts_since_ = 0;
  }
  std::erase_if(unicasts_, [&](const Unicast& unicast) {
    if (now < unicast.at) return false;
    sends.push_back({ToSend::What::advertisement, unicast.to});
    return true;
  });
  return sends;
}

}  // namespace slipway::ndp
