// SPDX-License-Identifier: MPL-2.0
// slipway token create, list, revoke and slipway audit: who may use the API from other machines, and what was
// done through it.
#include <fmt/format.h>

#include "api/rfc3339.h"
#include "base/printable.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

std::string day_and_time(Instant at) {
  return api::rfc3339(at).substr(0, 16);
}

}  // namespace

/// The secret alone goes to standard output, so that a script can keep it.
int token_create(const Context& context, const TokenOptions& options) {
  api::TokenOrder order{options.name, options.scope, {}};
  if (options.days > 0) order.good_for_seconds = std::int64_t{options.days} * 24 * 3600;
  auto body = call(context, http::Method::post, "/api/v1/tokens", api::to_json(order));
  if (!body) return fail(body.error());
  if (context.json) return print_line(*body);
  auto made = api::from_json<api::TokenCreated>(*body);
  if (!made) return fail(made.error());
  fmt::print(stderr, "{}; this is shown once:\n", made->sentence);
  return print_line(made->secret);
}

int token_list(const Context& context) {
  return show<api::TokenList>(context, "/api/v1/tokens", [](const api::TokenList& list) {
    if (list.tokens.empty())
      return print_line("there is no token; `slipway token create NAME --scope read` makes one");
    Table table({"TOKEN", "SCOPE", "MADE (UTC)", "GOOD UNTIL"});
    for (const api::TokenView& token : list.tokens) {
      std::string until = token.expires ? day_and_time(*token.expires) : "until revoked";
      table.row({token.name, token.scope, day_and_time(token.created),
                 until + (token.expired ? " (expired)" : "")});
    }
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

int token_revoke(const Context& context, const std::string& name) {
  return act(context, http::Method::delete_, "/api/v1/tokens/" + url_part(name));
}

int audit(const Context& context, unsigned limit) {
  std::string target = fmt::format("/api/v1/audit?limit={}", limit);
  return show<api::AuditList>(context, target, [](const api::AuditList& list) {
    if (list.audit.empty()) return print_line("nothing was changed through the API yet");
    Table table({"WHEN (UTC)", "WHO", "FROM", "WHAT", "STATUS", "OUTCOME"});
    for (const api::AuditView& entry : list.audit)
      table.row({day_and_time(entry.at), entry.who, entry.from, entry.what, std::to_string(entry.status),
                 without_controls(entry.outcome)});
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

}  // namespace slipway::cli
