// SPDX-License-Identifier: MPL-2.0
// What a server says of the file it sends, kept beside the part of it that has come, so that the rest is
// asked for only while the file is still the same (RFC 9110 §13.1.5, §14.4). Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::fetch {

struct Origin {
  std::string validator;               ///< a strong ETag or Last-Modified: for If-Range; empty: neither
  std::optional<std::uint64_t> total;  ///< bytes of the whole file
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// Takes what matters of one line of a response's head: "ETag: \"1\"". An ETag is better than a date; a weak
/// one (W/) promises nothing about bytes.
void note_header(Origin& origin, std::string_view line);

struct ContentRange {
  std::uint64_t first = 0, last = 0;
  std::optional<std::uint64_t> total;
  friend bool operator==(const ContentRange&, const ContentRange&) = default;
};
/// "bytes 100-199/200", "bytes 100-199/*".
std::optional<ContentRange> parse_content_range(std::string_view value);

/// Name and value of a header line, the name in lower case; nothing where it is none.
std::optional<std::pair<std::string, std::string_view>> header_of(std::string_view line);

/// As it lies on the disk.
std::string to_text(const Origin& origin);
std::optional<Origin> parse_origin(std::string_view text);

}  // namespace slipway::fetch
