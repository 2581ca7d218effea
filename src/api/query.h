// SPDX-License-Identifier: MPL-2.0
// What stands behind the question mark of a request, checked. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace slipway::api {

/// A number; `otherwise` when it is absent, an answer 400 when it is none.
Result<std::uint64_t, http::Response> number(const http::Request& request, std::string_view name,
                                             std::uint64_t otherwise);
/// There, and neither "0" nor "false".
bool flag(const http::Request& request, std::string_view name);
/// Whether `value` is what the parameter asks for; an absent parameter asks for nothing.
bool fits(const http::Request& request, std::string_view name, std::string_view value);

}  // namespace slipway::api
