// SPDX-License-Identifier: MPL-2.0
// [api] and [[webhook]]: what they name fits together, and no secret goes over the network in clear. Part of
// `check`.
#pragma once

#include "model/plan_check.h"

namespace slipway::model {

void check_api(const Draft& draft, Problems& problems);

/// A word where machines that boot can reach the API: they need a token, but no business there.
void warn_of_boot_plane(const Plan& plan, Problems& problems);

}  // namespace slipway::model
