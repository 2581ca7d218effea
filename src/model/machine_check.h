// SPDX-License-Identifier: MPL-2.0
// Who is who: every machine is known by something, and no two by the same, except where they are one machine
// in two subnets. Part of `check`.
#pragma once

#include "model/plan_check.h"

namespace slipway::model {

void check_identities(const Draft& draft, const Unread& unread, Problems& problems);

}  // namespace slipway::model
