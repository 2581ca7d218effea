// SPDX-License-Identifier: MPL-2.0
#include "http/router.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace slipway::http {
namespace {

bool is_capture(std::string_view part) {
  return part.size() > 2 && part.starts_with('{') && part.ends_with('}');
}
bool is_rest(std::string_view part) {
  return is_capture(part) && part.ends_with("...}");
}
std::string capture_name(std::string_view part) {
  return std::string(part.substr(1, part.size() - (is_rest(part) ? 5 : 2)));
}

std::string joined(const std::vector<std::string>& components, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < components.size(); ++i) {
    if (i != from) text += '/';
    text += components[i];
  }
  return text;
}

std::optional<Captures> match(const std::vector<std::string>& parts, const std::vector<std::string>& path) {
  Captures captures;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i >= path.size()) return std::nullopt;
    if (is_rest(parts[i])) {
      captures.set(capture_name(parts[i]), joined(path, i));
      return captures;
    }
    if (is_capture(parts[i])) {
      captures.set(capture_name(parts[i]), path[i]);
    } else if (parts[i] != path[i]) {
      return std::nullopt;
    }
  }
  if (path.size() != parts.size()) return std::nullopt;
  return captures;
}

bool accepts(Method row, Method asked) {
  return row == asked || (row == Method::get && asked == Method::head);
}

void note_allowed(std::vector<std::string_view>& allowed, Method method) {
  auto note = [&](std::string_view name) {
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) allowed.push_back(name);
  };
  note(to_string(method));
  if (method == Method::get) note("HEAD");
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

std::vector<std::string> split(std::string_view pattern) {
  std::vector<std::string> parts;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    std::string_view part = pattern.substr(0, pattern.find('/'));
    parts.emplace_back(part);
    pattern.remove_prefix(std::min(part.size() + 1, pattern.size()));
  }
  return parts;
}

bool well_formed(const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) return false;
    if (parts[i].find_first_of("{}") != std::string::npos && !is_capture(parts[i])) return false;
    if (is_rest(parts[i]) && i + 1 != parts.size()) return false;
  }
  return true;
}

}  // namespace

std::string_view Captures::operator[](std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return {};
}

void Router::add(Method method, std::string_view pattern, RouteHandler handler) {
  Route route{method, pattern.starts_with('/') ? split(pattern) : std::vector<std::string>{""},
              std::move(handler)};
  if (!well_formed(route.parts)) {
    std::fprintf(stderr, "route pattern is not well formed: %.*s\n", static_cast<int>(pattern.size()),
                 pattern.data());
    std::abort();
  }
  routes_.push_back(std::move(route));
}

Response Router::handle(const Request& request) const {
  std::vector<std::string_view> allowed;
  for (const Route& route : routes_) {
    auto captures = match(route.parts, request.target.path.components());
    if (!captures) continue;
    if (accepts(route.method, request.method)) return route.handler(request, *captures);
    note_allowed(allowed, route.method);
  }
  if (!allowed.empty()) {
    std::string methods = listed(allowed);
    Response response = refuse_(405, "only " + methods + " here");
    response.headers.push_back({"Allow", std::move(methods)});
    return response;
  }
  return otherwise_ ? otherwise_(request) : refuse_(404, "no such name on this server");
}

}  // namespace slipway::http
