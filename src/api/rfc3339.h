// SPDX-License-Identifier: MPL-2.0
// Times as text, UTC only (RFC 3339 §5.6): "2024-01-02T03:04:05.678901Z".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace slipway::api {

std::string rfc3339(Instant at);
/// The fraction may be absent or have one to nine digits; what is finer than a microsecond is cut off.
std::optional<Instant> parse_rfc3339(std::string_view text);

}  // namespace slipway::api
