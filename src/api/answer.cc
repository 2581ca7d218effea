// SPDX-License-Identifier: MPL-2.0
#include "api/answer.h"

namespace slipway::api {

http::Response problem(ProblemDetails details) {
  if (details.title.empty()) details.title = http::reason_phrase(details.status);
  http::Response response = answer(details, details.status);
  response.content_type = "application/problem+json";
  return response;
}

http::Response problem(int status, std::string detail, std::string remedy) {
  ProblemDetails details;
  details.status = status;
  details.detail = std::move(detail);
  if (!remedy.empty()) details.remedy = std::move(remedy);
  return problem(std::move(details));
}

http::Response problem_refusal(int status, std::string_view reason) {
  return problem(status, std::string(reason), "/api/v1/openapi.json lists what there is");
}

}  // namespace slipway::api
