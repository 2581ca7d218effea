// SPDX-License-Identifier: MPL-2.0
// A small HTTP client for the command line: one request at a time over a unix socket, blocking. It follows
// nothing, retries nothing and keeps no connection. Faults are values with the remedy.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace slipway::http {

struct Reply {
  int status = 0;
  std::string content_type;
  std::string body;
};

class UnixClient {
 public:
  explicit UnixClient(std::string socket_path) : path_(std::move(socket_path)) {}

  Result<Reply, Fault> request(Method method, const std::string& target, const std::string& body = {}) const;

  /// A streamed response, piece by piece as it arrives, until it ends or `take` says false. A status
  /// other than 200 is a reply like any other, with its body and no pieces.
  Result<Reply, Fault> follow(const std::string& target,
                              const std::function<bool(std::string_view)>& take) const;

 private:
  std::string path_;
};

}  // namespace slipway::http
