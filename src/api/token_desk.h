// SPDX-License-Identifier: MPL-2.0
// The endpoints about tokens and about what was done. Tokens are made and revoked over the unix socket alone:
// whoever stole one cannot give himself another. Keeps nothing. Thread: control.
#pragma once

#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class TokenDesk {
 public:
  explicit TokenDesk(const World& world) : world_(world) {}

  http::Response list(const http::Request&, const http::Captures&) const;
  http::Response create(const http::Request& request, const http::Captures&) const;
  http::Response revoke(const http::Request& request, const http::Captures& captures) const;
  http::Response audit(const http::Request& request, const http::Captures&) const;

 private:
  const model::Token* find(std::string_view name) const;

  const World& world_;
};

}  // namespace slipway::api
