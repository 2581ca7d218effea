// SPDX-License-Identifier: MPL-2.0
// Whether every loader a plan will hand out is there, asked before any machine asks. Pure: whether a file
// exists is told by the caller.
#pragma once

#include <functional>
#include <string>

#include "base/problem.h"
#include "model/plan.h"

namespace slipway::boot {

Problems missing_loaders(const model::Plan& plan, const std::function<bool(const std::string& path)>& exists);

}  // namespace slipway::boot
