// SPDX-License-Identifier: MPL-2.0
// An operator asks about an address that no machine is known to have: what is known of it all the same, and
// how its machine gets a story. Pure.
#pragma once

#include "base/address.h"
#include "base/problem.h"
#include "base/time.h"
#include "model/plan.h"
#include "timeline/timeline.h"

namespace slipway::api {

Fault unknown_address(Ipv4 address, const model::Plan& plan, const timeline::Timeline& timeline, Instant now);

}  // namespace slipway::api
