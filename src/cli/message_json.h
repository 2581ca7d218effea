// SPDX-License-Identifier: MPL-2.0
// A DHCP message for programs, as `decode --json` and `simulate --json` show it. Pure.
#pragma once

#include <boost/json/object.hpp>

#include "wire/dhcp_message.h"

namespace slipway::cli {

/// {"type", "xid", "mac", ..., "options": [{"code", "name", "value", "hex", "meaning": [...]}]}: fields that
/// are zero or empty are left out.
boost::json::object message_json(const wire::DhcpMessage& message);

}  // namespace slipway::cli
