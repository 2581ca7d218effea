// SPDX-License-Identifier: MPL-2.0
// The management API on the daemon's unix socket, on the control thread. Throws StartupError when the
// socket cannot be had.
#pragma once

#include <string>

#include "api/endpoints.h"
#include "http/server.h"
#include "net/reactor.h"

namespace slipway::server {

class ApiService {
 public:
  ApiService(net::Reactor& reactor, Metrics& metrics, api::World world, const std::string& socket);

  void publish(const timeline::Event& event) { endpoints_.publish(event); }

 private:
  void keep_alive();

  api::Endpoints endpoints_;
  http::Server server_;
  net::Timer timer_;
};

}  // namespace slipway::server
