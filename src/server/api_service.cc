// SPDX-License-Identifier: MPL-2.0
#include "server/api_service.h"

#include "api/answer.h"
#include "console/console.h"

namespace slipway::server {
namespace {

constexpr std::chrono::seconds keep_alive_every{15};

http::ServerOptions options(std::string name) {
  http::ServerOptions named;
  named.name = std::move(name);
  named.refuse = api::problem_refusal;
  return named;
}

/// Strangers' connections end early, and never take so many descriptors that machines go without.
http::ServerOptions remote_options() {
  http::ServerOptions named = options("api-tls");
  named.limits.connections = 256;
  named.limits.connections_per_address = 32;
  return named;
}

}  // namespace

ApiService::ApiService(net::Reactor& reactor, Metrics& metrics, api::World world, const std::string& socket)
    : endpoints_(std::move(world)),
      local_(
          reactor, metrics, [this](const http::Request& request) { return handle(request); }, options("api")),
      remote_(
          reactor, metrics, [this](const http::Request& request) { return handle(request); },
          remote_options()),
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
