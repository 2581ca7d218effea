// SPDX-License-Identifier: MPL-2.0
// Who may ask and who may change (docs/adr/0020-who-may-use-the-api.md). Over the unix socket: root, and the
// user and the group the daemon runs as, may change; whoever else was let in may read. Over TLS: the holder
// of a token, as far as its scope goes. What is not below /api/ is for everyone, /metrics where the operator
// says so. Thread: control.
#pragma once

#include <optional>
#include <string>

#include "api/throttle.h"
#include "api/world.h"
#include "base/result.h"
#include "http/message.h"

namespace slipway::api {

struct Visitor {
  std::string who;   ///< "token rack", "uid 0"; "anyone" where no token was needed
  std::string from;  ///< "192.0.2.7", "pid 4711"
  bool may_write = false;
  std::string token{};  ///< the name of its token; empty: none was needed
};

class Door {
 public:
  explicit Door(const World& world);

  /// Whether a token of this name opens anything now.
  bool is_good(const std::string& token) const;
  /// Or the answer that turns them away: 401, 429.
  Result<Visitor, http::Response> admit(const http::Request& request);

 private:
  Result<Visitor, http::Response> admit_holder(const http::Request& request, Endpoint from);
  Visitor neighbour(const http::UnixPeer& peer) const;
  const model::Token* token_of(std::string_view secret) const;
  http::Response turn_away(Endpoint from, std::string detail);

  const World& world_;
  Throttle throttle_;
  Counter& refused_;
};

/// GET, HEAD, OPTIONS: nothing changes.
bool is_question(http::Method method);

}  // namespace slipway::api
