// SPDX-License-Identifier: MPL-2.0
// A table of (method, pattern) to handler. Patterns are literal components and captures:
// "/api/v1/machines/{machine}/explain"; a last "{path...}" takes all that is left, at least one.
// The first row that fits wins. 404 is small and quick: PXELINUX probes a dozen names in a row.
// HEAD is answered by GET rows. A known path with another method gets 405 and Allow (RFC 9110 §15.5.6).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace slipway::http {

using Handler = std::function<Response(const Request&)>;

/// What the pattern's {names} stood for.
class Captures {
 public:
  void set(std::string name, std::string value) { values_.emplace_back(std::move(name), std::move(value)); }
  /// Empty when the pattern has no such name.
  std::string_view operator[](std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

using RouteHandler = std::function<Response(const Request&, const Captures&)>;
/// How a refusal looks: a line of text on the boot plane, Problem Details in the API.
using RefusalMaker = Response (*)(int status, std::string_view reason);

class Router {
 public:
  explicit Router(RefusalMaker refuse = refusal) : refuse_(refuse) {}

  /// `pattern` must begin with '/'; a pattern that is not well formed aborts (a bug, not input).
  void add(Method method, std::string_view pattern, RouteHandler handler);
  /// What answers when no row fits; without one, a short 404.
  void otherwise(Handler handler) { otherwise_ = std::move(handler); }

  Response handle(const Request& request) const;

 private:
  struct Route {
    Method method;
    std::vector<std::string> parts;  ///< "{name}" and "{name...}" as written
    RouteHandler handler;
  };

  RefusalMaker refuse_;
  std::vector<Route> routes_;
  Handler otherwise_;
};

}  // namespace slipway::http
