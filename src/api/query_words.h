// SPDX-License-Identifier: MPL-2.0
// The words an endpoint takes behind the question mark, as its row of the table writes them: "since=integer:
// only events ..." a line each. Held to by check_query, told by the OpenAPI file. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace slipway::api {

struct QueryWord {
  std::string_view name;
  std::string_view
      type;  ///< "integer", "flag", "network", "mac", the name of a set of words, or empty: any text
  std::string_view text;  ///< what it does, for people
};

QueryWord query_word(std::string_view line);
void for_each_query_word(std::string_view lines, const std::function<void(const QueryWord&)>& visit);
/// What a word of this type may be; empty: any text, or a number.
std::vector<std::string_view> values_of(std::string_view type);

/// An answer 400 that names the first word that is not known, is said twice, or has no such value.
std::optional<http::Response> check_query(std::string_view lines, const http::Target& target);

}  // namespace slipway::api
