// SPDX-License-Identifier: MPL-2.0
// Whether an address must be asked for on the wire before it is offered, and how. Pure.
#pragma once

#include <optional>

#include "dhcp/inquiry.h"
#include "dhcp/verdict.h"
#include "lease/allocator.h"

namespace slipway::dhcp {

/// Nothing: it is the client's own or reserved for it, or the subnet says `probe = false`.
std::optional<Probe> choose_probe(const Inquiry& inquiry, const model::Subnet& subnet,
                                  const lease::Offer& offer);

}  // namespace slipway::dhcp
