// SPDX-License-Identifier: MPL-2.0
// proxyDHCP (PXE 2.1 §2.2): boot information beside another server that gives the addresses. Answers the
// DISCOVER of boot clients on port 67 and their REQUEST on port 4011; never gives an address, never says
// NAK. Pure.
//
// The rules differ from those of an answer with an address: here option 60 must be there. BIOS clients and
// iPXE want option 43 with "boot the file I name"; UEFI clients drop an offer with option 43 or ask port
// 4011, according to their version: without it all of them ask.
#pragma once

#include "dhcp/boot_choice.h"
#include "dhcp/inquiry.h"
#include "dhcp/verdict.h"

namespace slipway::dhcp {

Verdict answer_as_proxy(Inquiry& inquiry, const BootChoice& boot);

}  // namespace slipway::dhcp
