// SPDX-License-Identifier: MPL-2.0
// What is known of a machine of which no boot was seen: what it said last and what came of it, from its
// events. An operating system that only renews its lease, a BOOTP client that is not served, a broken packet.
// Pure; used where Timeline has no Boot to tell of.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/address.h"
#include "base/time.h"
#include "timeline/event.h"

namespace slipway::timeline {

struct Heard {
  Instant last{};
  Ipv4 address;          ///< it was given; any(): none
  std::string stands;    ///< in a few words, for a table
  std::string sentence;  ///< what was last heard, why there was no answer, and what to do
};

/// `events`: of one machine, oldest first. Nothing: there are none.
std::optional<Heard> heard_of(std::span<const Event> events, Instant now);

}  // namespace slipway::timeline
