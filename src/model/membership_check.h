// SPDX-License-Identifier: MPL-2.0
// Who belongs to what: classes and groups are there once, and whoever names one, or a machine, names one
// that is there. Part of `check`.
#pragma once

#include "model/plan_check.h"

namespace slipway::model {

void check_memberships(const Draft& draft, const Unread& unread, Problems& problems);

}  // namespace slipway::model
