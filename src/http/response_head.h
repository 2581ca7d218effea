// SPDX-License-Identifier: MPL-2.0
// Status line and fields of a response as bytes (RFC 9112 §4, §5). A handler's text cannot break out of
// its field: control characters become spaces.
#pragma once

#include <string>

#include "base/time.h"
#include "http/message.h"

namespace slipway::http {

/// How the end of the body is told (RFC 9112 §6).
enum class Framing { length, chunked, close };

std::uint64_t body_length(const Response& response);  ///< 0 for a stream

/// `date` as made by `http_date`.
std::string response_head(const Response& response, Framing framing, bool keep_alive, std::string_view date);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string http_date(Instant at);

}  // namespace slipway::http
