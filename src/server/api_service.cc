// SPDX-License-Identifier: MPL-2.0
#include "server/api_service.h"

namespace slipway::server {
namespace {

constexpr std::chrono::seconds keep_alive_every{15};

http::ServerOptions options() {
  http::ServerOptions named;
  named.name = "api";
  return named;
}

}  // namespace

ApiService::ApiService(net::Reactor& reactor, Metrics& metrics, api::World world, const std::string& socket)
    : endpoints_(std::move(world)),
      server_(
          reactor, metrics, [this](const http::Request& request) { return endpoints_.handle(request); },
          options()),
      timer_(reactor, [this] { keep_alive(); }) {
  server_.listen_unix(socket);
  timer_.after(keep_alive_every);
}

void ApiService::keep_alive() {
  endpoints_.keep_alive();
  timer_.after(keep_alive_every);
}

}  // namespace slipway::server
