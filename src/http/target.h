// SPDX-License-Identifier: MPL-2.0
// The request target as bytes to a checked value (RFC 9112 §3.2, RFC 3986 §2.1, §3.4).
// Refuses what could mean two things: an encoded '/', NUL and other control characters, "..".
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace slipway::http {

enum class TargetError { bad_escape, encoded_slash, unsafe_path, bad_form };
std::string_view to_string(TargetError error);

/// Origin form and absolute form; "*" has an empty path.
Result<Target, TargetError> parse_target(std::string_view raw);

/// Each "%41" as its byte; nothing for a broken escape.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

}  // namespace slipway::http

namespace boost::system {
[[noreturn]] void throw_exception_from_error(slipway::http::TargetError error, const boost::source_location&);
}
