// SPDX-License-Identifier: MPL-2.0
// Where a boot attempt stands, or why it stopped and what to do: facts and a time in, one sentence out.
// Every sentence stands once, in the tables of verdict.cc and diagnosis.cc. Pure; used by Timeline.
#pragma once

#include "timeline/attempt.h"
#include "timeline/boot.h"
#include "timeline/diagnose.h"

namespace slipway::timeline {

struct Judgement {
  Verdict verdict;
  std::vector<Diagnosis> diagnoses;  ///< that of the verdict first
};
Judgement judge(const Attempt& attempt, Instant now, const Surroundings& around = {});

/// The same in the few words of a table: "archive cut", "waiting: offered", "booted". For people: programs
/// compare the code.
std::string standing(const Boot& boot);

}  // namespace slipway::timeline
