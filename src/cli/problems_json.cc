// SPDX-License-Identifier: MPL-2.0
#include "cli/problems_json.h"

#include <boost/json.hpp>

namespace slipway::cli {

std::string_view severity_name(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

std::string problems_json(const std::string& file, const Problems& problems) {
  boost::json::array list;
  for (const Problem& problem : problems) {
    list.push_back({{"file", problem.place.file},
                    {"line", problem.place.line},
                    {"column", problem.place.column},
                    {"severity", severity_name(problem.severity)},
                    {"what", problem.what},
                    {"remedy", problem.remedy}});
  }
  return boost::json::serialize(
      boost::json::object{{"file", file}, {"ok", !has_errors(problems)}, {"problems", list}});
}

}  // namespace slipway::cli
