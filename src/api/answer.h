// SPDX-License-Identifier: MPL-2.0
// The shapes an API answer takes: a struct as JSON, or Problem Details (RFC 9457).
#pragma once

#include <string>
#include <string_view>

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
/// For the router: names and methods that are not there.
http::Response problem_refusal(int status, std::string_view reason);

}  // namespace slipway::api
