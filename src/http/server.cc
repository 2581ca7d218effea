// SPDX-License-Identifier: MPL-2.0
#include "http/server.h"

#include <csignal>

#include "http/server_core.h"

namespace slipway::http {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::complete:
      return "complete";
    case Outcome::client_gone:
      return "client_gone";
    case Outcome::timed_out:
      return "timed_out";
    case Outcome::stopped:
      return "stopped";
    case Outcome::failed:
      return "failed";
  }
  return "failed";
}

Server::Server(net::Reactor& reactor, Metrics& metrics, Handler handler, ServerOptions options) {
  std::signal(SIGPIPE, SIG_IGN);
  core_ = std::make_unique<ServerCore>(reactor, metrics, std::move(handler), std::move(options));
}
Server::~Server() = default;

Endpoint Server::listen(Endpoint endpoint, bool reuse_port) {
  return core_->listen(endpoint, reuse_port, false);
}
Endpoint Server::listen_tls(Endpoint endpoint, bool reuse_port) {
  return core_->listen(endpoint, reuse_port, true);
}
void Server::identify(std::shared_ptr<const TlsContext> tls) {
  core_->identify(std::move(tls));
}
void Server::listen_unix(const std::string& path) {
  core_->listen_unix(path);
}
void Server::stop(std::chrono::milliseconds grace, std::function<void()> done) {
  core_->stop(grace, std::move(done));
}
std::size_t Server::connections() const {
  return core_->connections();
}

}  // namespace slipway::http
