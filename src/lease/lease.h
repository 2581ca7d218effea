// SPDX-License-Identifier: MPL-2.0
// A lease: one address, who has it and until when (RFC 2131 §1.4, §2.2). A value. A lease that ran out
// or was given back stays known, so that its client gets the same address again while nobody needs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/time.h"
#include "lease/client_key.h"

namespace slipway::lease {

enum class State {
  active,    ///< promised to the client until `expires`
  released,  ///< the client gave it back at `expires`
  declined,  ///< in quarantine until `expires`: someone unknown uses the address
};
std::string_view to_string(State state);
std::optional<State> state_from(std::string_view text);

/// The end of a lease without end: BOOTP clients keep their address (RFC 1534 §2).
inline constexpr Instant forever = from_unix_seconds(253402300799);  // 9999-12-31

struct Lease {
  Ipv4 address;
  ClientKey client;  ///< nobody while declined
  MacAddress mac;
  Bytes client_id;  ///< option 61 as sent; empty: none
  Bytes relay;      ///< option 82 as its relay sent it last; empty: none
  std::string hostname;
  Prefix subnet;
  Instant granted;  ///< the client's last transaction (RFC 4388 §6.4.1): grant, renewal, release, decline
  Instant expires;
  State state = State::active;

  /// Nobody but its client may have the address, and in quarantine nobody at all.
  bool holds(Instant now) const { return state != State::released && expires > now; }
  /// An active lease that has not run out.
  bool runs(Instant now) const { return state == State::active && expires > now; }
  friend bool operator==(const Lease&, const Lease&) = default;
};

}  // namespace slipway::lease
