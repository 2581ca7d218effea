// SPDX-License-Identifier: MPL-2.0
// What a relay said about a client: option 82 taken apart (RFC 3046). The option itself goes back byte by
// byte, whatever is in it; a malformed one says nothing here. Pure.
#pragma once

#include <optional>

#include "base/address.h"
#include "base/bytes.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

struct RelayAgent {
  Bytes circuit_id;                     ///< sub-option 1, RFC 3046 §3.1
  Bytes remote_id;                      ///< sub-option 2, §3.2
  std::optional<Ipv4> link_selection;   ///< sub-option 5, RFC 3527
  std::optional<Ipv4> server_override;  ///< sub-option 11, RFC 5107
};

/// Of option 82, where there is one.
RelayAgent relay_agent_of(std::optional<ByteView> option);

}  // namespace slipway::dhcp
