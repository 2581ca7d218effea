// SPDX-License-Identifier: MPL-2.0
// The endpoints about the images in the store. Keeps nothing. Thread: control.
#pragma once

#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class ImageDesk {
 public:
  explicit ImageDesk(const World& world) : world_(world) {}

  http::Response list(const http::Request& request, const http::Captures&) const;
  http::Response show(const http::Request&, const http::Captures& captures) const;
  http::Response refresh(const http::Request&, const http::Captures&) const;

 private:
  const World& world_;
};

}  // namespace slipway::api
