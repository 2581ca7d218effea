// SPDX-License-Identifier: MPL-2.0
// A small HTTP client for the command line: one request at a time, over a unix socket or TLS, blocking. It
// follows nothing, retries nothing and keeps no connection. The server's certificate must be good for the
// name that was asked for. Faults are values with the remedy.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "http/message.h"

namespace slipway::http {

struct Reply {
  int status = 0;
  std::string content_type;
  std::string body;
};

/// A server on another machine.
struct RemoteServer {
  std::string host;
  std::uint16_t port = 8443;
  std::string token;      ///< empty: none is shown
  std::string authority;  ///< PEM file of who vouches for it; empty: the system's

  /// "https://host:port"; nothing for anything else.
  static std::optional<RemoteServer> parse(std::string_view url);
};

class DaemonClient {
 public:
  explicit DaemonClient(std::string socket_path) : where_(std::move(socket_path)) {}
  explicit DaemonClient(RemoteServer server) : where_(std::move(server)) {}

  Result<Reply, Fault> request(Method method, const std::string& target, const std::string& body = {}) const;

  /// A streamed response, piece by piece as it arrives, until it ends or `take` says false. A status
  /// other than 200 is a reply like any other, with its body and no pieces.
  Result<Reply, Fault> follow(const std::string& target,
                              const std::function<bool(std::string_view)>& take) const;

 private:
  std::variant<std::string, RemoteServer> where_;
};

}  // namespace slipway::http
