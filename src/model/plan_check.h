// SPDX-License-Identifier: MPL-2.0
// What must hold between the parts of a configuration: every rule is checked, every breach reported.
#pragma once

#include "model/plan.h"

namespace slipway::model {

/// Whether the draft is all the file says, or lacks parts that could not be read. Of a partial draft
/// only contradictions are judged: what seems to be missing may stand among the unread parts.
enum class Completeness { whole, partial };

Problems check(const Draft& draft, Completeness completeness = Completeness::whole);

}  // namespace slipway::model
