// SPDX-License-Identifier: MPL-2.0
// What of a link getifaddrs tells in each system's own way. Private to net/interfaces.cc.
#pragma once

#include <ifaddrs.h>

#include "net/interfaces.h"

namespace slipway::net {

/// The link's index, MAC and MTU, if this entry has them.
void add_link_facts(Interface& interface, const ifaddrs& entry);

}  // namespace slipway::net
