// SPDX-License-Identifier: MPL-2.0
// The endpoints about what is assigned: names become values, the room assign decides, the daemon makes it
// durable. Errors of lint stop an assignment, warnings come with the answer. Keeps nothing. Thread: control.
#pragma once

#include "api/endpoints.h"

namespace slipway::api {

class AssignmentDesk {
 public:
  explicit AssignmentDesk(const World& world) : world_(world) {}

  http::Response list() const;
  http::Response history(const http::Request& request) const;
  http::Response assign(const http::Request& request) const;
  http::Response roll_back(const http::Request& request) const;
  http::Response take_back(const http::Request& request) const;
  http::Response boot_once(std::string_view machine, const http::Request& request) const;
  http::Response cancel_once(std::string_view machine) const;
  http::Response forget(std::string_view machine) const;
  http::Response pin(std::string_view image, bool pinned) const;

 private:
  const World& world_;
};

}  // namespace slipway::api
