// SPDX-License-Identifier: MPL-2.0
#include "fetch/origin.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace slipway::fetch {
namespace {

constexpr std::size_t longest_validator = 256;
constexpr std::string_view mark = "slipway-download-1";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value < std::uint64_t{1} << 62 ? std::optional(value) : std::nullopt;
}

bool is_validator(std::string_view text) {
  return !text.empty() && text.size() <= longest_validator &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

std::optional<std::pair<std::string, std::string_view>> header_of(std::string_view line) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string name(line.substr(0, colon));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  std::string_view value = line.substr(colon + 1);
  constexpr std::string_view blank = " \t\r\n";
  value.remove_prefix(std::min(value.find_first_not_of(blank), value.size()));
  value = value.substr(0, value.find_last_not_of(blank) + 1);
  return std::pair(std::move(name), value);
}

void note_header(Origin& origin, std::string_view line) {
  auto header = header_of(line);
  if (!header) return;
  auto& [name, value] = *header;
  bool strong = name == "etag" && value.starts_with('"');
  bool date = name == "last-modified" && !origin.validator.starts_with('"');
  if ((strong || date) && is_validator(value)) origin.validator = value;
  if (name == "content-length") origin.total = number(value);
}

std::optional<ContentRange> parse_content_range(std::string_view value) {
  constexpr std::string_view unit = "bytes ";
  if (!value.starts_with(unit)) return std::nullopt;
  value.remove_prefix(unit.size());
  std::size_t dash = value.find('-'), slash = value.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
  auto first = number(value.substr(0, dash)), last = number(value.substr(dash + 1, slash - dash - 1));
  std::string_view whole = value.substr(slash + 1);
  auto total = number(whole);
  if (!first || !last || *first > *last || (!total && whole != "*") || (total && *last >= *total))
    return std::nullopt;
  return ContentRange{*first, *last, total};
}

std::string to_text(const Origin& origin) {
  return fmt::format("{}\n{}\n{}\n", mark, origin.total ? fmt::format("{}", *origin.total) : "?",
                     origin.validator);
}

std::optional<Origin> parse_origin(std::string_view text) {
  auto line = [&]() -> std::string_view {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view found = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return found;
  };
  if (line() != mark) return std::nullopt;
  std::string_view total = line(), validator = line();
  Origin origin{std::string(validator), number(total)};
  if ((!origin.total && total != "?") || (!validator.empty() && !is_validator(validator)) || !text.empty())
    return std::nullopt;
  return origin;
}

}  // namespace slipway::fetch
