// SPDX-License-Identifier: MPL-2.0
// Something wrong in what the operator wrote: where, what, and what to do. All of them are collected
// and shown at once; one mistake never hides the next.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

struct Place {
  std::string file;
  int line = 0;    ///< from 1; 0: the file as a whole
  int column = 0;  ///< from 1

  std::string to_string() const;  ///< "slipway.toml:12:3"
  friend bool operator==(const Place&, const Place&) = default;
};

/// Where each key of a table has its value, so that a rule between values can point at the one it means.
using Places = std::map<std::string, Place, std::less<>>;

/// The keys of a table of which it is not known what they say: their values could not be read, or they may be
/// meant by a key that nobody knows. No rule may rest on them.
using UnreadKeys = std::set<std::string, std::less<>>;

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

/// The value of `key` in this noun of the configuration, or the noun itself where the key was not written.
template <typename Noun>
const Place& place_of(const Noun& noun, std::string_view key) {
  auto known = noun.places.find(key);
  return known == noun.places.end() ? noun.place : known->second;
}

/// Whether any of these keys of the noun could not be read.
template <typename Noun, typename... Keys>
bool is_unread(const Noun& noun, Keys... keys) {
  return !noun.unread.empty() && ((noun.unread.count(std::string_view(keys)) > 0) || ...);
}

bool has_errors(const Problems& problems);

}  // namespace slipway
