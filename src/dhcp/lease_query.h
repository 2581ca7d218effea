// SPDX-License-Identifier: MPL-2.0
// DHCPLEASEQUERY (RFC 4388): an access concentrator asks who has an address, or what address a hardware
// address or client id has. Answered to relays in the networks of `[server] lease-query` alone, from the
// book; nothing is changed. Pure.
#pragma once

#include "dhcp/inquiry.h"
#include "lease/book.h"

namespace slipway::dhcp {

Verdict answer_lease_query(Inquiry& inquiry, const lease::Book& book, Instant now);

}  // namespace slipway::dhcp
