// SPDX-License-Identifier: MPL-2.0
#include "config/toml_precheck.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace slipway::config {
namespace {

/// A bracketed head whose first character is none of a key's: known to upset the library.
bool bad_head(std::string_view line) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos || line[at] != '[') return false;
  at = line.find_first_not_of("[ \t", at);
  if (at == std::string_view::npos) return true;
  char c = line[at];
  return !(std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '"' || c == '\'');
}

/// Blanks what cannot be a table head before the library sees it. Lists that continue over lines start
/// with '[' only after their own brackets, so only a head at the top level is judged.
void blank_bad_heads(std::string& text, const std::string& file, Problems& problems) {
  int depth = 0;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line(text.data() + begin, end - begin);
    ++number;
    bool is_head = depth == 0 && line.find('=') == std::string_view::npos;
    if (is_head && bad_head(line)) {
      problems.push_back({{file, number, 1}, "this is no table name", "write for example [[subnet]]"});
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
                text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    } else if (!is_head) {
      for (char c : line) depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      depth = std::max(depth, 0);
    }
    begin = end + 1;
  }
}

/// Where in a line the first such character stands that is in no comment and in no string of one line.
/// Strings over several lines are not looked into: nothing here needs them, so they count as bare.
template <typename Wanted>
std::size_t find_bare(std::string_view line, Wanted wanted) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (quote == '"' && c == '\\') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '#') {
      break;
    } else if (line.substr(i, 3) == "\"\"\"" || line.substr(i, 3) == "'''") {
      i += 2;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (wanted(c)) {
      return i;
    }
  }
  return std::string_view::npos;
}

/// Blanks each line with such a character.
template <typename WantedOf>
void blank_lines_with(WantedOf wanted_of, const Problem& problem, std::string& text, const std::string& file,
                      Problems& problems) {
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    ++number;
    std::size_t at = find_bare(std::string_view(text).substr(begin, end - begin), wanted_of());
    if (at != std::string_view::npos) {
      problems.push_back({{file, number, static_cast<int>(at) + 1}, problem.what, problem.remedy});
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
                text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    }
    begin = end + 1;
  }
}

void blank_bare_non_ascii(std::string& text, const std::string& file, Problems& problems) {
  auto non_ascii = [] { return [](char c) { return static_cast<unsigned char>(c) >= 0x80; }; };
  blank_lines_with(non_ascii,
                   {{}, "a character beyond ASCII stands outside quotes", "put the text in quotes"}, text,
                   file, problems);
}

/// A table in a table is gone down to by recursion, in the library and after it: names have an end.
void blank_deep_names(std::string& text, const std::string& file, Problems& problems) {
  constexpr int most_dots = 32;
  auto dot_too_many = [] { return [dots = 0](char c) mutable { return c == '.' && ++dots > most_dots; }; };
  blank_lines_with(dot_too_many,
                   {{}, "a name has too many parts", "no name here has more than three; put text in quotes"},
                   text, file, problems);
}

}  // namespace

Problems blank_what_upsets_the_library(std::string& text, const std::string& file) {
  Problems problems;
  blank_bare_non_ascii(text, file, problems);
  blank_deep_names(text, file, problems);
  blank_bad_heads(text, file, problems);
  return problems;
}

}  // namespace slipway::config
