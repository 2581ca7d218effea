// SPDX-License-Identifier: MPL-2.0
// Leases of another server on their way in: each one admitted by the rules of the allocator, made durable by
// the committer, settled in the book, like a lease that a packet asked for. Thread: control.
#pragma once

#include <functional>
#include <vector>

#include "api/schema.h"
#include "lease/book.h"
#include "migrate/foreign_lease.h"
#include "model/plan.h"
#include "server/dhcp_service.h"

namespace slipway::server {

/// `done` is called once, at once or later: when the store has spoken about every change.
void import_leases(const model::Plan& plan, lease::Book& book, DhcpService& dhcp, Instant now,
                   const std::vector<migrate::ForeignLease>& leases,
                   std::function<void(api::LeaseImportResult)> done);

}  // namespace slipway::server
