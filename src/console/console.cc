// SPDX-License-Identifier: MPL-2.0
#include "console/console.h"

#include <algorithm>

#include <fmt/format.h>

#include "console/assets.h"
#include "http/files.h"

namespace slipway::console {
namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

const Asset* find(std::string_view name) {
  auto all = assets();
  auto found = std::find_if(all.begin(), all.end(), [&](const Asset& asset) { return asset.name == name; });
  return found == all.end() ? nullptr : &*found;
}

http::Response guarded(http::Response response) {
  response.headers.push_back({"Content-Security-Policy", std::string(policy)});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  return response;
}

/// `keep`: how long it may be used without asking again. The tag names the release: a file's address does,
/// too.
http::Response send(const http::Request& request, const Asset& asset, std::string_view keep) {
  http::Response response;
  response.content_type = asset.type;
  response.headers = {{"ETag", fmt::format("\"{}\"", release())}, {"Cache-Control", std::string(keep)}};
  if (http::names_etag(request.fields.if_none_match, release(), true)) {
    response.status = 304;
  } else {
    response.body = std::string(asset.text);
  }
  return guarded(std::move(response));
}

}  // namespace

std::optional<http::Response> answer(const http::Request& request) {
  const auto& path = request.target.path.components();
  bool is_page = path.empty();
  if (!is_page && path[0] != "console") return std::nullopt;
  if (request.method != http::Method::get && request.method != http::Method::head) {
    auto response = http::refusal(405, "the console is only read");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return guarded(std::move(response));
  }
  if (is_page) return send(request, *find("index.html"), "no-cache");
  if (path.size() > 2 && path[1] == release()) {
    std::string name = path[2];
    for (std::size_t i = 3; i < path.size(); ++i) name += "/" + path[i];
    if (const Asset* asset = find(name)) return send(request, *asset, "public, max-age=31536000, immutable");
  }
  return guarded(http::refusal(404, "the console has no such file; load the page anew"));
}

}  // namespace slipway::console
