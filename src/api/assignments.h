// SPDX-License-Identifier: MPL-2.0
// The endpoints about what is assigned: names become values, the room assign decides, the daemon makes it
// durable. Errors of lint stop an assignment, warnings come with the answer. Keeps nothing. Thread: control.
#pragma once

#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class AssignmentDesk {
 public:
  explicit AssignmentDesk(const World& world) : world_(world) {}

  using Request = http::Request;
  using Captures = http::Captures;

  http::Response list(const Request&, const Captures&) const;
  http::Response history(const Request& request, const Captures&) const;
  http::Response assign(const Request& request, const Captures&) const;
  http::Response roll_back(const Request& request, const Captures&) const;
  http::Response take_back(const Request& request, const Captures&) const;
  http::Response boot_once(const Request& request, const Captures& captures) const;
  http::Response cancel_once(const Request&, const Captures& captures) const;
  http::Response forget(const Request&, const Captures& captures) const;
  http::Response pin(const Request&, const Captures& captures) const {
    return set_pin(captures["image"], true);
  }
  http::Response unpin(const Request&, const Captures& captures) const {
    return set_pin(captures["image"], false);
  }

 private:
  http::Response set_pin(std::string_view image, bool pinned) const;

  const World& world_;
};

}  // namespace slipway::api
