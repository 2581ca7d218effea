// SPDX-License-Identifier: MPL-2.0
#include "base/problem.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable.h"

namespace slipway {

std::string Place::to_string() const {
  return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column);
}

std::string Problem::to_string() const {
  std::string text;
  if (!place.file.empty()) text = place.to_string() + ": ";
  text += severity == Severity::error ? "error: " : "warning: ";
  text += what;
  if (!remedy.empty()) text += "; " + remedy;
  return without_controls(text);  // a file's keys and values stand in it
}

bool has_errors(const Problems& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.severity == Severity::error; });
}

}  // namespace slipway
