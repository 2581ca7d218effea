// SPDX-License-Identifier: MPL-2.0
// The endpoints about the daemon itself. Keeps nothing. Thread: control.
#pragma once

#include <string_view>

#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

/// Of a problem that is none but for the running daemon.
inline constexpr std::string_view restart_remedy = "restart slipwayd";

class DaemonDesk {
 public:
  explicit DaemonDesk(const World& world) : world_(world) {}

  http::Response status(std::size_t followers) const;
  http::Response reload(const http::Request&, const http::Captures&) const;
  http::Response health(const http::Request&, const http::Captures&) const;
  http::Response readiness(const http::Request&, const http::Captures&) const;
  http::Response metrics(const http::Request&, const http::Captures&) const;

 private:
  const World& world_;
};

}  // namespace slipway::api
