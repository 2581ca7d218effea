// SPDX-License-Identifier: MPL-2.0
#include "api/door.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/secret.h"

namespace slipway::api {
namespace {

constexpr std::string_view scheme = "Bearer ";

bool is_public(const http::Request& request, const model::ApiSettings& settings) {
  const auto& path = request.target.path.components();
  if (path.empty() || path.front() == "api") return path.empty();
  return path.front() != "metrics" || settings.open_metrics;
}

/// RFC 9110 §11.1: the scheme is compared without regard to case.
std::string_view secret_in(std::string_view authorization) {
  if (authorization.size() < scheme.size()) return {};
  bool bearer = std::equal(scheme.begin(), scheme.end(), authorization.begin(),
                           [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  return bearer ? authorization.substr(scheme.size()) : std::string_view();
}

http::Response unauthorized(std::string detail, bool invalid) {
  http::Response response =
      problem(401, std::move(detail), "send `Authorization: Bearer TOKEN`; `slipway token create` makes one");
  response.headers.push_back({"WWW-Authenticate", invalid
                                                      ? "Bearer realm=\"slipway\", error=\"invalid_token\""
                                                      : "Bearer realm=\"slipway\""});
  return response;
}

}  // namespace

bool is_question(http::Method method) {
  using enum http::Method;
  return method == get || method == head || method == options;
}

Door::Door(const World& world)
    : world_(world),
      refused_(world.metrics.counter("slipway_api_logins_refused_total", {},
                                     "Tokens shown to the API that are not good.")) {}

Result<Visitor, http::Response> Door::admit(const http::Request& request) {
  if (const auto* peer = std::get_if<http::UnixPeer>(&request.peer)) return neighbour(*peer);
  Endpoint from = std::get<Endpoint>(request.peer);
  if (is_public(request, world_.plan()->api())) return Visitor{"anyone", from.address.to_string(), false, {}};
  return admit_holder(request, from);
}

Visitor Door::neighbour(const http::UnixPeer& peer) const {
  const Account& ours = world_.account;
  bool member = peer.gid == ours.group ||
                std::find(peer.groups.begin(), peer.groups.end(), ours.group) != peer.groups.end();
  return {fmt::format("uid {}", peer.uid),
          fmt::format("pid {}", peer.pid),
          peer.uid == 0 || peer.uid == ours.user || member,
          {}};
}

/// All of them are compared, whichever fits: how long it takes tells nothing.
const model::Token* Door::token_of(std::string_view secret) const {
  std::string hash = hash_of(secret);
  const model::Token* found = nullptr;
  for (const model::Token& token : world_.access.tokens) {
    if (same_hash(token.hash, hash)) found = &token;
  }
  return found;
}

Result<Visitor, http::Response> Door::admit_holder(const http::Request& request, Endpoint from) {
  Instant now = world_.now();
  std::string_view secret = secret_in(request.fields.authorization);
  if (secret.empty()) return unauthorized("this needs a token", false);
  if (auto pause = throttle_.pause(from.address, now); pause.count() > 0) {
    http::Response response = problem(429, "too many wrong tokens came from this address",
                                      fmt::format("wait {} s and send a good one", pause.count()));
    response.headers.push_back({"Retry-After", std::to_string(pause.count())});
    return response;
  }
  const model::Token* token = token_of(secret);
  if (!token) return turn_away(from, "this token is not known, or was revoked");
  if (!token->good(now)) return turn_away(from, fmt::format("the token {} expired", token->name));
  throttle_.succeeded(from.address);
  return Visitor{"token " + token->name, from.address.to_string(), token->scope == model::Scope::write,
                 token->name};
}

bool Door::is_good(const std::string& name) const {
  const auto& tokens = world_.access.tokens;
  return std::any_of(tokens.begin(), tokens.end(), [&](const model::Token& token) {
    return token.name == name && token.good(world_.now());
  });
}

http::Response Door::turn_away(Endpoint from, std::string detail) {
  refused_.add();
  throttle_.failed(from.address, world_.now());
  world_.warn(fmt::format("API: refused {}: {}", from.address.to_string(), detail));
  return unauthorized(std::move(detail), true);
}

}  // namespace slipway::api
