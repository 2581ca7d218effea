// SPDX-License-Identifier: MPL-2.0
// By what a receiver knows that a webhook came from us, and when: HMAC-SHA256 (RFC 2104) over time and body.
// Any thread. Fails only where OpenSSL does: StartupError.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace slipway::server {

/// "t=1704196800,v1=<64 hexadecimal digits>" of "1704196800.BODY".
std::string webhook_signature(std::string_view secret, Instant at, std::string_view body);

}  // namespace slipway::server
