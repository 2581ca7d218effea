// SPDX-License-Identifier: MPL-2.0
// From the facts of an attempt to the cause that is likeliest, with the evidence for it: the reading of the
// table in diagnosis.h. Pure; used by verdict.cc alone.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "timeline/attempt.h"
#include "timeline/diagnosis.h"

namespace slipway::timeline {

/// What an attempt does not know of itself.
struct Surroundings {
  std::optional<Instant> next_began;  ///< a later attempt of the machine: nothing more is to be waited for
  unsigned returns = 0;               ///< how often in a row it came back soon before this attempt
  std::span<const Ipv4> foreign_servers;  ///< other DHCP servers that are heard on its link
};

/// Everything a sentence can be filled with.
struct Facts {
  const Attempt& attempt;
  StageName stage;  ///< that decided
  Instant now;
  std::string reason;  ///< why it stopped; may be empty
  const Surroundings& around;

  /// A template with {file}, {address}, {reason} and the like put in.
  std::string fill(std::string_view sentence, const CauseInfo* cause = nullptr) const;
};

/// The cause behind a verdict; nothing: all is well.
std::optional<Cause> cause_of(VerdictCode code, const Facts& facts);
Diagnosis diagnose(Cause cause, const Facts& facts);

/// The cause behind a refusal, by the name boot/decide.h has for it: "no-image".
Cause cause_of_refusal(std::string_view why);

/// When something last happened that belongs to the stage: scripts and kernels load all sorts of files.
Instant last_of(const Attempt& attempt, StageName name);
/// Of what is no iPXE only its own DHCP tells.
std::string_view program_of(model::Stage loader);

}  // namespace slipway::timeline
