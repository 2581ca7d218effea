// SPDX-License-Identifier: MPL-2.0
// What a client is called: options 12 (RFC 2132 §3.14) and 81 (RFC 4702). The name the configuration gives a
// machine wins over what the client calls itself. Nothing here promises an update of the DNS: this server
// makes none. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "model/plan.h"

namespace slipway::dhcp {

/// "node1.example.org"; a name with a dot is whole already. Empty: what it is called is no host's name.
std::string full_name(const model::Machine& machine, const Bytes* domain);

/// The answer to a client's option 81. `name`: of the machine; empty: the client's own, with the domain
/// where it is a part of one. Nothing for an option that is malformed.
std::optional<Bytes> answer_to_fqdn(ByteView asked, const std::string& name, const Bytes* domain);

}  // namespace slipway::dhcp
