// SPDX-License-Identifier: MPL-2.0
#include "api/audit_entry.h"

#include <fmt/format.h>

#include "api/json.h"

namespace slipway::api {
namespace {

constexpr std::size_t longest_target = 200;

/// What a person would read of an answer.
std::string sentence_of(const http::Response& response) {
  const auto* body = std::get_if<std::string>(&response.body);
  if (!body) return "begun";
  if (auto done = from_json<Done>(*body)) return done->sentence;
  auto details = from_json<ProblemDetails>(*body);
  return details ? details->detail : "";
}

}  // namespace

model::AuditEntry audit_entry(const Visitor& visitor, const http::Request& request,
                              const http::Response& response, Instant now) {
  model::AuditEntry entry;
  entry.at = now;
  entry.who = visitor.who;
  entry.from = visitor.from;
  entry.what = fmt::format("{} {}", to_string(request.method), request.target.raw.substr(0, longest_target));
  entry.status = response.status;
  entry.outcome = sentence_of(response);
  return entry;
}

}  // namespace slipway::api
