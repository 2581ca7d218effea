// SPDX-License-Identifier: MPL-2.0
// What was decided and learned goes by a machine's name or, without one, by its MAC address, and by a group's
// name. What becomes of it when the file gives names, or takes them away. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "assign/state.h"
#include "base/problem.h"
#include "model/plan.h"

namespace slipway::assign {

/// What is known under the MAC address of a machine that has a name by now goes by that name from here on,
/// unless something is known under the name already.
Changes succession(const State& state, const model::Plan& plan);

/// An assignment stands for it.
bool stands_for(const State& state, const model::Assignee& to);

/// A warning for each assignment to a machine or group that the file does not name any more: nobody boots it,
/// and its image is kept.
Problems ownerless(const State& state, const model::Plan& plan);

}  // namespace slipway::assign
