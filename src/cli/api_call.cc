// SPDX-License-Identifier: MPL-2.0
#include "cli/api_call.h"

#include <fmt/format.h>

namespace slipway::cli {

Fault fault_of(const http::Reply& reply) {
  auto problem = api::from_json<api::ProblemDetails>(reply.body);
  if (!problem) return {fmt::format("slipwayd answered {}", reply.status), "look at its log"};
  std::string what = problem->detail;
  std::string remedy = problem->remedy.value_or("");
  if (problem->problems.empty()) return {what, remedy};
  // Each of these lines ends with a remedy of its own: what to do about all of them stands below.
  for (const std::string& line : problem->problems) what += "\n  " + line;
  return {remedy.empty() ? what : what + "\n" + remedy, ""};
}

Result<std::string, Fault> call(const Context& context, http::Method method, const std::string& target,
                                const std::string& body) {
  auto daemon = context.daemon();
  if (!daemon) return daemon.error();
  auto reply = daemon->request(method, target, body);
  if (!reply) return reply.error();
  if (reply->status < 200 || reply->status > 299) return fault_of(*reply);
  return std::move(reply->body);
}

int act(const Context& context, http::Method method, const std::string& target) {
  auto body = call(context, method, target);
  if (!body) return fail(body.error());
  if (context.json) return print_line(*body);
  auto done = api::from_json<api::Done>(*body);
  return done ? print_line(done->sentence) : fail(done.error());
}

std::string url_part(const std::string& text) {
  std::string encoded;
  for (char c : text) {
    bool plain = std::isalnum(static_cast<unsigned char>(c)) ||
                 std::string_view("-._~:").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace slipway::cli
