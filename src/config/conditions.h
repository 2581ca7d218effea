// SPDX-License-Identifier: MPL-2.0
// The conditions of classes and groups as the file writes them, which may hold conditions themselves
// (`any`, `not`).
#pragma once

#include "config/tree.h"
#include "model/class_condition.h"

namespace slipway::config {

void read_condition(const Value& value, model::ClassCondition& into, Problems& problems);

}  // namespace slipway::config
