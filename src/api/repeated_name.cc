// SPDX-License-Identifier: MPL-2.0
#include "api/repeated_name.h"

#include <set>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

namespace slipway::api {
namespace {

namespace json = boost::json;

/// Hears a document name by name; everything else goes by.
struct NameWatch {
  using Error = json::error_code;
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_object_begin(Error&) {
    objects.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Error&) {
    objects.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, Error&) {
    name.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Error&) {
    name.append(part.data(), part.size());
    if (!repeated && !objects.back().insert(name).second) repeated = name;
    name.clear();
    return true;
  }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t, Error&) { return true; }
  bool on_string_part(json::string_view, std::size_t, Error&) { return true; }
  bool on_string(json::string_view, std::size_t, Error&) { return true; }
  bool on_number_part(json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Error&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Error&) { return true; }
  bool on_double(double, json::string_view, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

  std::vector<std::set<std::string>> objects{};  ///< the names of each that is open, the innermost last
  std::string name{};
  std::optional<std::string> repeated{};
};

}  // namespace

std::optional<std::string> repeated_name(std::string_view text) {
  json::basic_parser<NameWatch> parser{json::parse_options()};
  json::error_code error;
  parser.write_some(false, text.data(), text.size(), error);
  return parser.handler().repeated;
}

}  // namespace slipway::api
