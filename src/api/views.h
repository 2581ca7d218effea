// SPDX-License-Identifier: MPL-2.0
// From the daemon's own values to what the API says of them. Pure.
#pragma once

#include <optional>
#include <span>

#include "api/names.h"
#include "api/schema.h"
#include "assign/usage.h"
#include "lease/lease.h"
#include "migrate/foreign_lease.h"
#include "model/plan.h"
#include "timeline/boot.h"
#include "timeline/event.h"

namespace slipway::api {

EventView view(const timeline::Event& event, const Names& names);
BootView view(const timeline::Boot& boot);
LeaseView view(const lease::Lease& lease, const Names& names, Instant now);
/// The way back, for what runs on a daemon's leases elsewhere; nothing for a view no daemon of ours makes.
std::optional<lease::Lease> lease_of(const LeaseView& view);
ForeignLeaseView view(const migrate::ForeignLease& lease);
/// Nothing for a view that says no address, or something else no lease has.
std::optional<migrate::ForeignLease> foreign_lease_of(const ForeignLeaseView& view);
/// With its list of files or without.
ImageView view(const model::Image& image, const model::Plan& plan, const assign::Usage& usage,
               bool with_files);
BootOnceView view(const model::BootOnce& once);
/// `leases`: all that are known; those that hold an address count. Its interface is the daemon's to say.
SubnetView view(const model::Subnet& subnet, std::span<const lease::Lease> leases, Instant now);

}  // namespace slipway::api
