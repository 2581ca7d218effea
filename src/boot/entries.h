// SPDX-License-Identifier: MPL-2.0
// What a profile comes to for one client: its image, how that is started there, and with what arguments; or
// why it cannot be. Pure, any thread.
#pragma once

#include <vector>

#include "boot/decide.h"

namespace slipway::boot {

/// The profile's entries, normal first, with the image that was assigned or the profile names.
Result<std::vector<Entry>, Refusal> entries_of(const model::Plan& plan, const model::Profile& profile,
                                               const model::Machine* machine, const model::Client& client);

/// What was ordered for one boot of this machine, alone.
Result<Entry, Refusal> entry_once(const model::Plan& plan, const model::BootOnce& once,
                                  const model::Machine* machine, const model::Client& client);

}  // namespace slipway::boot
