// SPDX-License-Identifier: MPL-2.0
// Where a boot attempt stands, or why it stopped and what to do: facts and a time in, one sentence out.
// Every sentence stands once, in the tables of verdict.cc. Pure; used by Timeline.
#pragma once

#include "timeline/attempt.h"
#include "timeline/boot.h"

namespace slipway::timeline {

/// `ended`: a later attempt of the machine has begun, so nothing more is to be waited for.
Verdict judge(const Attempt& attempt, Instant now, bool ended);

/// The same in the few words of a table: "archive cut", "waiting: offered", "booted". For people: programs
/// compare the code.
std::string standing(const Boot& boot);

}  // namespace slipway::timeline
