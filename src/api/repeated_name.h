// SPDX-License-Identifier: MPL-2.0
// Whether an object of a JSON text has a name twice: which of them holds is nobody's to guess (RFC 8259 §4).
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slipway::api {

/// The first one; `text` is JSON.
std::optional<std::string> repeated_name(std::string_view text);

}  // namespace slipway::api
