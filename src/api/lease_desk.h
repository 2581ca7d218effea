// SPDX-License-Identifier: MPL-2.0
// The endpoints about leases. Keeps nothing. Thread: control.
#pragma once

#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class LeaseDesk {
 public:
  explicit LeaseDesk(const World& world) : world_(world) {}

  http::Response list(const http::Request& request, const http::Captures&) const;
  http::Response show(const http::Request&, const http::Captures& captures) const;
  http::Response release(const http::Request&, const http::Captures& captures) const;
  http::Response import(const http::Request& request, const http::Captures&) const;

 private:
  Result<const lease::Lease*, http::Response> find(std::string_view address) const;

  const World& world_;
};

}  // namespace slipway::api
