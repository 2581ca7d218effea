// SPDX-License-Identifier: MPL-2.0
// The leases a command looks at: those of the running daemon, else those in its store, read from outside.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "lease/lease.h"

namespace slipway::cli {

struct KnownLeases {
  std::vector<lease::Lease> leases;
  bool daemon_runs = false;
  std::string from;  ///< where they come from, or why there are none: for a person
};
KnownLeases known_leases(const Context& context, const model::Plan& plan);

}  // namespace slipway::cli
