// SPDX-License-Identifier: MPL-2.0
// The shapes an API answer takes: a struct as JSON, or Problem Details (RFC 9457).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "api/json.h"
#include "http/message.h"

namespace slipway::api {

template <class T>
http::Response answer(const T& view, int status = 200) {
  http::Response response = http::text(status, to_json(view) + "\n");
  response.content_type = "application/json";
  return response;
}

http::Response problem(ProblemDetails details);
http::Response problem(int status, std::string detail, std::string remedy = {});

/// The order in the body of a request, or an answer 400; `example`: what to send.
template <class T>
Result<T, http::Response> order_of(const http::Request& request, std::string_view example) {
  auto order = order_from_json<T>(request.body);
  if (order) return std::move(*order);
  const Fault& fault = order.error();
  return problem(400, fault.what, fault.remedy.empty() ? fmt::format("send {}", example) : fault.remedy);
}

/// For the router: names and methods that are not there.
http::Response problem_refusal(int status, std::string_view reason);

}  // namespace slipway::api
