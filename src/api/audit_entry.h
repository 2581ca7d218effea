// SPDX-License-Identifier: MPL-2.0
// What is written down of a change that was asked for. Pure.
#pragma once

#include "api/door.h"
#include "model/access.h"

namespace slipway::api {

model::AuditEntry audit_entry(const Visitor& visitor, const http::Request& request,
                              const http::Response& response, Instant now);

}  // namespace slipway::api
