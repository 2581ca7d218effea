// SPDX-License-Identifier: MPL-2.0
// What must hold between the parts of a configuration: every rule is checked, every breach reported.
#pragma once

#include "model/plan.h"

namespace slipway::model {

/// Kinds of which the file holds more than could be read. Nothing is called missing that may stand among
/// what is unread.
struct Unread {
  bool server = false, subnets = false, profiles = false, classes = false, machines = false;
};

/// What is left unsaid: the built-in profile, the default profile, the only interface, profiles of groups.
void fill_defaults(Draft& draft);

Problems check(const Draft& draft, const Unread& unread = {});

}  // namespace slipway::model
