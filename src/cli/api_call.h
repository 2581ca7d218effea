// SPDX-License-Identifier: MPL-2.0
// A question to the daemon's API and its answer as the struct both sides share.
#pragma once

#include <string>

#include "api/json.h"
#include "cli/context.h"

namespace slipway::cli {

/// What an answer other than 2xx says, with its remedy.
Fault fault_of(const http::Reply& reply);

/// The body of a 2xx answer; any other answer as a Fault with its own sentence and remedy.
Result<std::string, Fault> call(const Context& context, http::Method method, const std::string& target,
                                const std::string& body = {});

template <typename View>
Result<View, Fault> ask(const Context& context, const std::string& target) {
  auto body = call(context, http::Method::get, target);
  if (!body) return body.error();
  return api::from_json<View>(*body);
}

/// With --json the answer as it came; otherwise what `print` makes of the struct.
template <typename View, typename Print>
int show(const Context& context, const std::string& target, Print print) {
  auto body = call(context, http::Method::get, target);
  if (!body) return fail(body.error());
  if (context.json) return print_line(*body);
  auto view = api::from_json<View>(*body);
  return view ? print(*view) : fail(view.error());
}

/// An action: prints what was done.
int act(const Context& context, http::Method method, const std::string& target);

/// For a URL's path: everything but letters, digits and "-._~:" as %XX.
std::string url_part(const std::string& text);

}  // namespace slipway::cli
