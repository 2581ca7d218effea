// SPDX-License-Identifier: MPL-2.0
// The management API on the daemon's unix socket and, where the operator says so, on a TLS listener of its
// own; on the control thread. Throws StartupError when a socket cannot be had.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/endpoints.h"
#include "http/server.h"
#include "net/reactor.h"

namespace slipway::server {

class ApiService {
 public:
  ApiService(net::Reactor& reactor, Metrics& metrics, api::World world, const std::string& socket);

  void listen(const std::vector<Endpoint>& endpoints, std::shared_ptr<const http::TlsContext> tls);
  /// From the next connection on.
  void identify(std::shared_ptr<const http::TlsContext> tls) { remote_.identify(std::move(tls)); }
  void publish(const timeline::Event& event) { endpoints_.publish(event); }

 private:
  /// The console's own files are for everyone; all else is the API's.
  http::Response handle(const http::Request& request);
  void keep_alive();

  std::function<void(const std::string&)> warn_;
  api::Endpoints endpoints_;
  http::Server local_, remote_;
  net::Timer timer_;
};

}  // namespace slipway::server
