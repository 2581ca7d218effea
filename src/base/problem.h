// SPDX-License-Identifier: MPL-2.0
// Something wrong in what the operator wrote: where, what, and what to do. All of them are collected
// and shown at once; one mistake never hides the next.
#pragma once

#include <string>
#include <vector>

namespace slipway {

struct Place {
  std::string file;
  int line = 0;    ///< from 1; 0: the file as a whole
  int column = 0;  ///< from 1

  std::string to_string() const;  ///< "slipway.toml:12:3"
  friend bool operator==(const Place&, const Place&) = default;
};

enum class Severity { error, warning };

struct Problem {
  Place place;
  std::string what;
  std::string remedy;  ///< may be empty
  Severity severity = Severity::error;

  std::string to_string() const;  ///< "slipway.toml:12:3: error: what; remedy"
  friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

bool has_errors(const Problems& problems);

}  // namespace slipway
