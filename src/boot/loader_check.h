// SPDX-License-Identifier: MPL-2.0
// Whether every loader a plan will hand out is there, asked before any machine asks. Pure: whether a file
// exists is told by the caller.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/problem.h"
#include "model/plan.h"

namespace slipway::boot {

/// The loaders that can be served, so that no machine is sent after one that is not there.
std::set<std::string, std::less<>> installed_loaders(
    const model::ServerSettings& server, const std::function<bool(const std::string& path)>& exists);

Problems missing_loaders(const model::Plan& plan, const std::function<bool(const std::string& path)>& exists);

}  // namespace slipway::boot
