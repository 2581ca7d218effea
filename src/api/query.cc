// SPDX-License-Identifier: MPL-2.0
#include "api/query.h"

#include <charconv>

#include <fmt/format.h>

#include "api/answer.h"

namespace slipway::api {

Result<std::uint64_t, http::Response> number(const http::Request& request, std::string_view name,
                                             std::uint64_t otherwise) {
  auto text = request.target.parameter(name);
  if (!text) return {boost::system::in_place_value, otherwise};
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc{} && end == text->data() + text->size() && !text->empty())
    return {boost::system::in_place_value, value};
  return problem(400, fmt::format("{} is not a number", name), "give a whole number or leave it out");
}

bool flag(const http::Request& request, std::string_view name) {
  auto text = request.target.parameter(name);
  return text && *text != "0" && *text != "false";
}

bool fits(const http::Request& request, std::string_view name, std::string_view value) {
  auto wanted = request.target.parameter(name);
  return !wanted || *wanted == value;
}

}  // namespace slipway::api
