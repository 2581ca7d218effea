// SPDX-License-Identifier: MPL-2.0
// GET and HEAD of a file: conditional requests and one byte range (RFC 9110 §13, §14). Several ranges
// in one request are answered with the whole file, which §14.2 allows. Opens nothing and reads nothing:
// the caller brings the open file, the connection sends the slice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace slipway::http {

/// 200, 206, 304, 412 or 416 as the request's fields ask for.
Response serve_file(const Request& request, std::shared_ptr<const OpenFile> file);

struct ByteRange {
  std::uint64_t first = 0, last = 0;  ///< both included
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};
enum class RangeKind { none, one, unsatisfiable };
struct RangeChoice {
  RangeKind kind = RangeKind::none;
  ByteRange range;
};
/// What a Range field asks of a file of `size` bytes. What is not a byte range, or several, is `none`:
/// RFC 9110 §14.2 has such a field ignored.
RangeChoice choose_range(std::string_view field, std::uint64_t size);

/// Whether an If-Match or If-None-Match list names `etag` (without quotes). Weak tags count when `weak`.
bool names_etag(std::string_view list, std::string_view etag, bool weak);

}  // namespace slipway::http
