// SPDX-License-Identifier: MPL-2.0
// The facts a diagnosis rests on, clue by clue: packets, transfers and times of one attempt. Pure; used by
// diagnose.cc alone.
#pragma once

#include <vector>

#include "timeline/diagnose.h"

namespace slipway::timeline {

/// What there is of this clue; often one, and none where the attempt has nothing of it.
std::vector<Evidence> evidence_of(Clue clue, const Facts& facts);

}  // namespace slipway::timeline
