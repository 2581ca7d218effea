// SPDX-License-Identifier: MPL-2.0
// Who sent this message: machine, architecture and the program that runs on it at this moment. All lore
// about firmware stands in the tables of identify.cc, one rule per line with its source. Pure. It never
// guesses: an architecture without a name is carried by its number, a client nobody knows is `unknown`.
#pragma once

#include <optional>
#include <string_view>

#include "lease/client_key.h"
#include "model/client.h"
#include "model/subnet.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

struct Identity {
  model::Client client;
  std::string_view
      known_by;  ///< the rule that told the stage: "user class iPXE", or a guess where none did; a literal
};
Identity identify(const wire::DhcpMessage& message);

/// Who sent bytes that are no message, where as much of a request's header is whole and names an Ethernet
/// address (RFC 2131 §2): so that even that is told of the machine.
std::optional<MacAddress> sender_of(ByteView broken);

/// Under which name the client holds its lease. By MAC a machine is one client from ROM to operating
/// system, by client id it is whoever it says it is (RFC 2131 §4.2); what one lacks the other replaces.
/// Nothing when it has neither.
std::optional<lease::ClientKey> client_key(const wire::DhcpMessage& message, model::Identify identify);

}  // namespace slipway::dhcp
