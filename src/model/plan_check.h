// SPDX-License-Identifier: MPL-2.0
// What must hold between the parts of a configuration: every rule is checked, every breach reported.
#pragma once

#include "model/plan.h"

namespace slipway::model {

Problems check(const Draft& draft);

}  // namespace slipway::model
