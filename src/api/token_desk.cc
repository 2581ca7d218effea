// SPDX-License-Identifier: MPL-2.0
#include "api/token_desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/page.h"
#include "api/query.h"
#include "api/rfc3339.h"
#include "api/secret.h"
#include "base/nearest.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t longest_name = 64;
constexpr std::size_t usual_audit = 100;
constexpr std::int64_t longest_life = 10LL * 366 * 24 * 3600;

bool is_name(std::string_view text) {
  auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= longest_name && std::all_of(text.begin(), text.end(), plain);
}

TokenView view(const model::Token& token, Instant now) {
  return {token.name, std::string(to_string(token.scope)), token.created, token.expires, !token.good(now)};
}

Response only_here() {
  return problem(403, "tokens are made and revoked over the unix socket alone",
                 "run `slipway token` on the server itself");
}

bool came_here(const Request& request) {
  return std::holds_alternative<http::UnixPeer>(request.peer);
}

}  // namespace

const model::Token* TokenDesk::find(std::string_view name) const {
  const auto& tokens = world_.access.tokens;
  auto found =
      std::find_if(tokens.begin(), tokens.end(), [&](const model::Token& t) { return t.name == name; });
  return found == tokens.end() ? nullptr : &*found;
}

Response TokenDesk::list(const Request&, const Captures&) const {
  TokenList list;
  for (const model::Token& token : world_.access.tokens) list.tokens.push_back(view(token, world_.now()));
  return answer(list);
}

Response TokenDesk::create(const Request& request, const Captures&) const {
  if (!came_here(request)) return only_here();
  auto order = order_of<TokenOrder>(request, "{\"name\": \"console\", \"scope\": \"read\"}");
  if (!order) return order.error();
  auto scope = model::parse_scope(order->scope);
  if (!scope) return problem(400, fmt::format("there is no scope \"{}\"", order->scope), "say read or write");
  if (!is_name(order->name))
    return problem(400, "this is no name for a token",
                   fmt::format("up to {} letters, digits, '.', '-' and '_'", longest_name));
  if (find(order->name))
    return problem(409, fmt::format("there is a token {} already", order->name),
                   "revoke it first, or choose another name");
  if (world_.access.tokens.size() >= model::most_tokens)
    return problem(409, fmt::format("there are {} tokens, and no more is kept", model::most_tokens),
                   "`slipway token list` shows those that expired: revoke them");
  auto life = order->good_for_seconds;
  if (life && (*life < 1 || *life > longest_life))
    return problem(400, "good_for_seconds does not fit here", "write one from 1 to ten years");

  std::string secret = new_secret();
  Instant now = world_.now();
  model::Token token{order->name, *scope, hash_of(secret), now, {}};
  if (life) token.expires = now + std::chrono::seconds{*life};
  if (auto kept = world_.keep_token(token); !kept)
    return problem(500, kept.error().what, kept.error().remedy);
  std::string until = token.expires ? "until " + rfc3339(*token.expires) : "until it is revoked";
  return answer(TokenCreated{view(token, now), secret,
                             fmt::format("token {} may {}, {}", token.name, to_string(token.scope), until)},
                201);
}

Response TokenDesk::revoke(const Request& request, const Captures& captures) const {
  if (!came_here(request)) return only_here();
  std::string name(captures["token"]);
  if (!find(name)) {
    std::vector<std::string_view> names;
    for (const model::Token& token : world_.access.tokens) names.push_back(token.name);
    auto near = nearest(name, names);
    return problem(
        404,
        fmt::format("there is no token \"{}\"{}", name, near ? fmt::format("; did you mean {}?", *near) : ""),
        "`slipway token list` shows them");
  }
  if (auto done = world_.revoke_token(name); !done)
    return problem(500, done.error().what, done.error().remedy);
  return answer(Done{fmt::format("token {} opens nothing any more", name)});
}

Response TokenDesk::audit(const Request& request, const Captures&) const {
  auto page = page_of(request, usual_audit);
  if (!page) return page.error();
  AuditList list;
  for (auto entry = world_.access.audit.rbegin(); entry != world_.access.audit.rend(); ++entry) {
    if (fits(request, "who", entry->who))
      list.audit.push_back(
          {entry->number, entry->at, entry->who, entry->from, entry->what, entry->status, entry->outcome});
  }
  list.next =
      cut(list.audit, *page, [](const AuditView& one) { return fmt::format("{:016x}", ~one.number); });
  return answer(list);
}

}  // namespace slipway::api
