// SPDX-License-Identifier: MPL-2.0
#include "config/toml.h"

#include "config/toml_precheck.h"

// The library asserts on input such as "[&"; without assertions it reports a syntax error.
#ifndef NDEBUG
#define NDEBUG
#endif
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace slipway::config {
namespace {

constexpr std::size_t max_problems = 20;

Place place_of(const toml::source_region& region, const std::string& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

bool before(const Entry& a, const Entry& b) {
  return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
}

Value convert(const toml::node& node, const std::string& file);

Table convert_table(const toml::table& table, const std::string& file) {
  Table entries;
  for (auto&& [key, node] : table) {
    entries.push_back({std::string(key.str()), place_of(key.source(), file), convert(node, file)});
  }
  std::sort(entries.begin(), entries.end(), before);
  return entries;
}

Value convert(const toml::node& node, const std::string& file) {
  Value value{std::string(), place_of(node.source(), file)};
  if (auto* table = node.as_table()) {
    value.data = convert_table(*table, file);
  } else if (auto* array = node.as_array()) {
    Value::Array items;
    for (const toml::node& item : *array) items.push_back(convert(item, file));
    value.data = std::move(items);
  } else if (auto integer = node.value_exact<std::int64_t>()) {
    value.data = *integer;
  } else if (auto number = node.value_exact<double>()) {
    value.data = *number;
  } else if (auto boolean = node.value_exact<bool>()) {
    value.data = *boolean;
  } else if (auto text = node.value_exact<std::string>()) {
    value.data = *text;
  }  // dates: no setting is one; they read as empty text and are refused by type
  return value;
}

struct Line {
  std::size_t begin, length;
};

Line line_at(std::string_view text, int number) {
  std::size_t begin = 0;
  for (int line = 1; line < number && begin < text.size(); ++line) {
    std::size_t end = text.find('\n', begin);
    begin = end == std::string_view::npos ? text.size() : end + 1;
  }
  std::size_t end = std::min(text.find('\n', begin), text.size());
  return {begin, end - begin};
}

}  // namespace

ParsedToml parse_toml(std::string_view input, const std::string& file) {
  ParsedToml parsed;
  std::string text(input);
  parsed.problems = blank_what_upsets_the_library(text, file);
  parsed.structure_lost = !parsed.problems.empty();
  while (parsed.problems.size() < max_problems) {
    toml::parse_result result = toml::parse(std::string_view(text), file);
    if (result) {
      parsed.root = convert_table(result.table(), file);
      return parsed;
    }
    const toml::parse_error& error = result.error();
    Place place = place_of(error.source(), file);
    std::string what(error.description());
    parsed.problems.push_back({place, "not TOML: " + what, ""});
    Line bad = line_at(text, place.line);
    std::string_view bad_line(text.data() + bad.begin, bad.length);
    bool blank = bad_line.find_first_not_of(" \t\r") == std::string_view::npos;
    if (bad_line.find('[') < bad_line.find('=')) parsed.structure_lost = true;
    if (blank) break;  // an error that no line holds, such as a string without an end
    std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(bad.begin), bad.length, ' ');
  }
  parsed.structure_lost = true;
  return parsed;
}

}  // namespace slipway::config
