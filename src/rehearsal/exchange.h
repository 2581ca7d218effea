// SPDX-License-Identifier: MPL-2.0
// A client plays its part against a rehearsal: DISCOVER, takes what it is offered, REQUESTs it, loads what
// the ACK names and comes back as the program it loaded, until a script or a file ends it. Bounded: a
// chain of loaders is followed a few links far. Pure.
#pragma once

#include <string>
#include <vector>

#include "rehearsal/firmware.h"
#include "rehearsal/rehearsal.h"

namespace slipway::rehearsal {

/// Where the client stands: the interface its packets come in by, and our address there.
struct Place {
  std::string interface;
  unsigned index = 0;
  Ipv4 local;
};

/// What the client does.
enum class Act {
  exchange,  ///< DISCOVER to ACK, and every program it loads on the way
  discover,
  request,      ///< SELECTING: takes an address as if we had offered it
  init_reboot,  ///< RFC 2131 §4.3.2: has an address from before
  renew,        ///< asks us alone
  rebind,       ///< asks everybody
  inform,
  release,
  decline,
  bootp,
  lease_query,  ///< RFC 4388, by address where one is said, else by MAC address
};
std::optional<Act> act_named(std::string_view name);
std::vector<std::string> act_names();

/// One program's conversation.
struct Exchange {
  std::string who;  ///< "PXE firmware", "iPXE, loaded by it"
  std::vector<Step> steps;
  /// What comes next, or why nothing does: one sentence, may be empty.
  std::string then;
};

struct Request {
  Persona persona;
  Place place;
  Act act = Act::exchange;
  Ipv4 address;  ///< for acts that name one; any(): what the client has or would be offered
};

std::vector<Exchange> rehearse(Rehearsal& rehearsal, const Request& request);

/// Every packet that wants an answer got one, and none of them was a NAK.
bool all_answered(const std::vector<Exchange>& exchanges);

}  // namespace slipway::rehearsal
