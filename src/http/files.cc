// SPDX-License-Identifier: MPL-2.0
#include "http/files.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace slipway::http {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Digits only; a number too big for 64 bits is as good as the biggest.
std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
  return error == std::errc::result_out_of_range ? ~std::uint64_t{0} : value;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

/// RFC 9110 §13.1.5: a date never equals our tags, and we send no Last-Modified; so only a strong tag counts.
bool range_still_good(const Request& request, const OpenFile& file) {
  if (request.fields.if_range.empty()) return true;
  return !file.etag.empty() && trimmed(request.fields.if_range) == fmt::format("\"{}\"", file.etag);
}

Response slice(int status, std::shared_ptr<const OpenFile> file, std::uint64_t offset, std::uint64_t length) {
  Response response;
  response.status = status;
  response.content_type = file->content_type;
  response.headers.push_back({"Accept-Ranges", "bytes"});
  if (!file->etag.empty()) response.headers.push_back({"ETag", fmt::format("\"{}\"", file->etag)});
  response.body = FileSlice{std::move(file), offset, length};
  return response;
}

Response not_modified(const OpenFile& file) {
  Response response;
  response.status = 304;
  if (!file.etag.empty()) response.headers.push_back({"ETag", fmt::format("\"{}\"", file.etag)});
  return response;
}

Response unsatisfiable(const OpenFile& file) {
  Response response = refusal(416, fmt::format("the file has {} bytes", file.size));
  response.headers.push_back({"Content-Range", fmt::format("bytes */{}", file.size)});
  return response;
}

}  // namespace

bool names_etag(std::string_view list, std::string_view etag, bool weak) {
  if (trimmed(list) == "*") return true;
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    item = trimmed(item);
    if (weak && item.starts_with("W/")) item.remove_prefix(2);
    if (!etag.empty() && item.size() == etag.size() + 2 && item.front() == '"' && item.back() == '"' &&
        item.substr(1, etag.size()) == etag)
      return true;
  }
  return false;
}

RangeChoice choose_range(std::string_view field, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!equals_ignoring_case(field.substr(0, unit.size()), unit)) return {};
  std::string_view spec = trimmed(field.substr(unit.size()));
  std::size_t dash = spec.find('-');
  if (dash == spec.npos || spec.find(',') != spec.npos) return {};

  std::string_view from = trimmed(spec.substr(0, dash)), to = trimmed(spec.substr(dash + 1));
  if (from.empty()) {  // "-500": the last 500 bytes
    auto count = number(to);
    if (!count) return {};
    if (*count == 0 || size == 0) return {RangeKind::unsatisfiable, {}};
    return {RangeKind::one, {size - std::min(*count, size), size - 1}};
  }
  auto first = number(from);
  auto last = to.empty() ? ~std::uint64_t{0} : number(to);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return {RangeKind::unsatisfiable, {}};
  return {RangeKind::one, {*first, std::min(*last, size - 1)}};
}

Response serve_file(const Request& request, std::shared_ptr<const OpenFile> file) {
  const Fields& fields = request.fields;
  // The order of RFC 9110 §13.2.2.
  if (!fields.if_match.empty() && !names_etag(fields.if_match, file->etag, false))
    return refusal(412, "the file is another one than If-Match names");
  if (!fields.if_none_match.empty() && names_etag(fields.if_none_match, file->etag, true))
    return not_modified(*file);

  std::uint64_t size = file->size;
  // A range is of GET alone (RFC 9110 §14.2).
  if (request.method != Method::get || fields.range.empty() || !range_still_good(request, *file))
    return slice(200, std::move(file), 0, size);
  RangeChoice choice = choose_range(fields.range, size);
  if (choice.kind == RangeKind::unsatisfiable) return unsatisfiable(*file);
  if (choice.kind == RangeKind::none) return slice(200, std::move(file), 0, size);

  auto [first, last] = choice.range;
  Response response = slice(206, std::move(file), first, last - first + 1);
  response.headers.push_back({"Content-Range", fmt::format("bytes {}-{}/{}", first, last, size)});
  return response;
}

}  // namespace slipway::http
