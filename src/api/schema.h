// SPDX-License-Identifier: MPL-2.0
// What the management API says, as plain structs: the daemon fills them, json.cc writes and reads them,
// the command line prints them. A member's name is its JSON name; an absent optional is left out.
// Addresses and enumerations are text in their canonical form; times are RFC 3339 in UTC.
#pragma once

#include "api/schema_boots.h"
#include "api/schema_daemon.h"
#include "api/schema_images.h"
#include "api/schema_network.h"
