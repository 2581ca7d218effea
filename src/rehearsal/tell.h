// SPDX-License-Identifier: MPL-2.0
// A rehearsal as text for a person: for each packet who it was taken for and by what, which subnet and
// why, what is answered and where it goes, or for which reason nothing is, and what to do. Pure;
// printable whatever the packets hold.
#pragma once

#include <string>

#include "rehearsal/exchange.h"
#include "rehearsal/replay.h"

namespace slipway::rehearsal {

std::string tell(const Step& step, const model::Plan& plan);
std::string tell(const Exchange& exchange, const model::Plan& plan);
/// The captured answer and ours side by side where they differ.
std::string tell(const Replayed& replayed, const model::Plan& plan);

/// "PXE firmware by vendor class PXEClient, x86-64 UEFI (7), machine node1".
std::string identity_of(const Step& step, const model::Plan& plan);

}  // namespace slipway::rehearsal
