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

/// "5-9", "5-" or "-5". One that begins past the end comes back with `first` behind `last`.
std::optional<ByteRange> parse_range(std::string_view spec, std::uint64_t size) {
  constexpr ByteRange outside{1, 0};
  std::size_t dash = spec.find('-');
  if (dash == spec.npos) return std::nullopt;
  std::string_view from = trimmed(spec.substr(0, dash)), to = trimmed(spec.substr(dash + 1));
  if (from.empty()) {  // "-500": the last 500 bytes
    auto count = number(to);
    if (!count) return std::nullopt;
    return *count == 0 || size == 0 ? outside : ByteRange{size - std::min(*count, size), size - 1};
  }
  auto first = number(from);
  auto last = to.empty() ? ~std::uint64_t{0} : number(to);
  if (!first || !last || *last < *first) return std::nullopt;
  return *first >= size ? outside : ByteRange{*first, std::min(*last, size - 1)};
}

/// RFC 9110 §14.6. Clients find the parts by the boundary, and know their lengths by Content-Range.
Response multipart(std::uint64_t request_id, std::shared_ptr<const OpenFile> file,
                   const std::vector<ByteRange>& ranges) {
  std::uint64_t size = file->size;
  std::string boundary = fmt::format("slipway-{:016x}", request_id * 0x9e3779b97f4a7c15);
  FileParts body;
  for (auto [first, last] : ranges) {
    body.parts.push_back(
        {fmt::format("{}--{}\r\nContent-Type: {}\r\nContent-Range: bytes {}-{}/{}\r\n\r\n",
                     body.parts.empty() ? "" : "\r\n", boundary, file->content_type, first, last, size),
         first, last - first + 1});
  }
  body.parts.push_back({fmt::format("\r\n--{}--\r\n", boundary)});
  Response response = slice(206, file, 0, 0);
  response.content_type = "multipart/byteranges; boundary=" + boundary;
  body.file = std::move(file);
  response.body = std::move(body);
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
  std::string_view list = field.substr(std::min(unit.size(), field.size()));
  RangeChoice choice{RangeKind::unsatisfiable, {}};
  std::uint64_t asked = 0;
  std::size_t count = 0;
  while (!list.empty()) {
    std::string_view spec = list.substr(0, list.find(','));
    list.remove_prefix(std::min(spec.size() + 1, list.size()));
    spec = trimmed(spec);
    if (spec.empty()) continue;  // RFC 9110 §5.6.1: empty elements are ignored
    auto range = parse_range(spec, size);
    if (!range || ++count > max_ranges) return {};
    if (range->first > range->last) continue;
    asked += range->last - range->first + 1;
    if (asked > size) return {};
    choice.kind = RangeKind::some;
    choice.ranges.push_back(*range);
  }
  return count > 0 ? choice : RangeChoice{};
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

  if (choice.ranges.size() > 1) return multipart(request.id, std::move(file), choice.ranges);

  // Of several ranges that one is left of, too (RFC 9110 §15.3.7.2).
  auto [first, last] = choice.ranges.front();
  Response response = slice(206, std::move(file), first, last - first + 1);
  response.headers.push_back({"Content-Range", fmt::format("bytes {}-{}/{}", first, last, size)});
  return response;
}

}  // namespace slipway::http
