// SPDX-License-Identifier: MPL-2.0
// GET and HEAD of a file: conditional requests and byte ranges (RFC 9110 §13, §14). Ranges that are too many
// or together more than the file are answered with the whole of it, which §14.2 allows: they can ask for no
// more work than a plain GET. Opens nothing and reads nothing: the caller brings the open file, the
// connection sends the slices.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace slipway::http {

/// 200, 206, 304, 412 or 416 as the request's fields ask for.
Response serve_file(const Request& request, std::shared_ptr<const OpenFile> file);

struct ByteRange {
  std::uint64_t first = 0, last = 0;  ///< both included
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};
constexpr std::size_t max_ranges = 16;  ///< of one request; clients that resume ask for a few at most
enum class RangeKind { none, some, unsatisfiable };
struct RangeChoice {
  RangeKind kind = RangeKind::none;
  std::vector<ByteRange> ranges;  ///< of `some`: in the order of the field, those that are in the file
};
/// What a Range field asks of a file of `size` bytes. What is not a list of byte ranges, or asks for too
/// much, is `none`: RFC 9110 §14.2 has such a field ignored.
RangeChoice choose_range(std::string_view field, std::uint64_t size);

/// Whether an If-Match or If-None-Match list names `etag` (without quotes). Weak tags count when `weak`.
bool names_etag(std::string_view list, std::string_view etag, bool weak);

}  // namespace slipway::http
