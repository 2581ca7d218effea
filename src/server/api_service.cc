// SPDX-License-Identifier: MPL-2.0
#include "server/api_service.h"

#include "api/answer.h"
#include "console/console.h"

namespace slipway::server {
namespace {

using Warn = std::function<void(const std::string&)>;

constexpr std::chrono::seconds keep_alive_every{15};

http::ServerOptions options(std::string name, api::Endpoints& endpoints, const Warn& warn) {
  http::ServerOptions named;
  named.name = std::move(name);
  named.refuse = api::problem_refusal;
  named.at_head = [&endpoints](const http::Request& request) { return endpoints.look_at_head(request); };
  named.on_fault = [warn](std::string_view what) { warn(std::string(what)); };
  return named;
}

/// Strangers' connections end early, make room for others, and never take so many descriptors that machines
/// go without.
http::ServerOptions remote_options(api::Endpoints& endpoints, const Warn& warn) {
  http::ServerOptions named = options("api-tls", endpoints, warn);
  named.limits.connections = 256;
  named.limits.connections_per_address = 64;
  named.strangers_make_room = true;
  return named;
}

}  // namespace

ApiService::ApiService(net::Reactor& reactor, Metrics& metrics, api::World world, const std::string& socket)
    : warn_(world.warn),
      endpoints_(std::move(world)),
      local_(
          reactor, metrics, [this](const http::Request& request) { return handle(request); },
          options("api", endpoints_, warn_)),
      remote_(
          reactor, metrics, [this](const http::Request& request) { return handle(request); },
          remote_options(endpoints_, warn_)),
      timer_(reactor, [this] { keep_alive(); }) {
  local_.listen_unix(socket);
  timer_.after(keep_alive_every);
}

http::Response ApiService::handle(const http::Request& request) {
  auto page = console::answer(request);
  return page ? std::move(*page) : endpoints_.handle(request);
}

void ApiService::listen(const std::vector<Endpoint>& endpoints, std::shared_ptr<const http::TlsContext> tls) {
  remote_.identify(std::move(tls));
  for (Endpoint endpoint : endpoints) remote_.listen_tls(endpoint);
}

void ApiService::keep_alive() {
  endpoints_.keep_alive();
  timer_.after(keep_alive_every);
}

}  // namespace slipway::server
