// SPDX-License-Identifier: MPL-2.0
#include "http/target.h"

#include <algorithm>

#include "base/hex.h"

namespace slipway::http {
namespace {

constexpr std::size_t max_parameters = 32;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool holds_encoded_slash(std::string_view path) {
  for (std::size_t at = path.find('%'); at != path.npos; at = path.find('%', at + 1)) {
    std::string_view digits = path.substr(at + 1, 2);
    if (digits == "2f" || digits == "2F" || digits == "5c" || digits == "5C") return true;
  }
  return false;
}

/// "http://host:80/path?query" without scheme and authority (RFC 9112 §3.2.2: a server must accept it).
std::optional<std::string_view> origin_form(std::string_view raw) {
  if (raw.starts_with('/')) return raw;
  if (raw == "*") return std::string_view{};
  std::size_t scheme = raw.find("://");
  if (scheme == raw.npos || scheme == 0) return std::nullopt;
  std::size_t authority = scheme + 3;
  std::size_t path = raw.find_first_of("/?", authority);
  if (path == authority) return std::nullopt;
  return path == raw.npos ? std::string_view{} : raw.substr(path);
}

bool parse_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    if (target.query.size() == max_parameters) return false;
    std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), true);
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return false;
    target.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::string_view to_string(TargetError error) {
  switch (error) {
    case TargetError::bad_escape:
      return "the URL has a broken %-escape or too many parameters";
    case TargetError::encoded_slash:
      return "the URL hides a slash behind a %-escape";
    case TargetError::unsafe_path:
      return "the URL's path leaves its root or is not clean text";
    case TargetError::bad_form:
      return "the request target is neither a path nor a URL";
  }
  return "bad request target";
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  if (text.find_first_of(plus_is_space ? "%+" : "%") == text.npos) return std::string(text);
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    char c = text.front();
    text.remove_prefix(1);
    if (c == '%') {
      auto byte = text.size() < 2 ? std::nullopt : from_hex(text.substr(0, 2));
      if (!byte) return std::nullopt;
      c = static_cast<char>(byte->front());
      text.remove_prefix(2);
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    decoded.push_back(c);
  }
  return decoded;
}

Result<Target, TargetError> parse_target(std::string_view raw) {
  auto form = origin_form(raw);
  if (!form || std::any_of(raw.begin(), raw.end(), is_control)) return TargetError::bad_form;
  form = form->substr(0, form->find('#'));  // a fragment is never sent; if it is, it is not ours

  Target target;
  target.raw = raw;
  std::size_t mark = std::min(form->find('?'), form->size());
  std::string_view path = form->substr(0, mark);
  if (holds_encoded_slash(path)) return TargetError::encoded_slash;
  auto decoded = percent_decoded(path);
  if (!decoded) return TargetError::bad_escape;
  auto safe = SafePath::parse(*decoded);
  if (!safe) return TargetError::unsafe_path;
  target.path = std::move(*safe);
  if (!parse_query(form->substr(std::min(mark + 1, form->size())), target)) return TargetError::bad_escape;
  return target;
}

}  // namespace slipway::http

namespace boost::system {
void throw_exception_from_error(slipway::http::TargetError error, const boost::source_location&) {
  throw slipway::StartupError(std::string(slipway::http::to_string(error)));
}
}  // namespace boost::system
