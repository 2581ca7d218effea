// SPDX-License-Identifier: MPL-2.0
// What is not answered beside another DHCP server: whatever would give out an address that the client does
// not hold already. Pure.
#pragma once

#include <optional>

#include "dhcp/inquiry.h"
#include "dhcp/verdict.h"
#include "lease/book.h"

namespace slipway::dhcp {

/// Nothing: go on. Of relayed packets nothing is known, and a subnet may take no notice of others.
std::optional<Ignore> yield_to_others(const Inquiry& inquiry, const lease::Book& book, Instant now);

}  // namespace slipway::dhcp
