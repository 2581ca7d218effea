// SPDX-License-Identifier: MPL-2.0
// The endpoints about what the configuration says: subnets, profiles, groups. Keeps nothing. Thread: control.
#pragma once

#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class SiteDesk {
 public:
  explicit SiteDesk(const World& world) : world_(world) {}

  http::Response subnets(const http::Request&, const http::Captures&) const;
  http::Response profiles(const http::Request&, const http::Captures&) const;
  http::Response groups(const http::Request&, const http::Captures&) const;

 private:
  const World& world_;
};

}  // namespace slipway::api
