// SPDX-License-Identifier: MPL-2.0
// What is made for one machine, boot modules and credentials, is given to an address alone that is known as
// its own: because the file reserves it or we gave it, or, where another server gives addresses, because it
// says so. Said before the machine asks where none of these can be. Pure, any thread.
#pragma once

#include <string_view>

#include "boot/finding.h"
#include "model/plan.h"

namespace slipway::boot {

/// `machine`: null where the file does not name it. `what`: "its boot modules". Empty: its address can be
/// known.
Findings check_own_address(const model::Plan& plan, const model::Machine* machine,
                           const model::Client& client, std::string_view what);

}  // namespace slipway::boot
