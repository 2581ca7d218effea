// SPDX-License-Identifier: MPL-2.0
// Input that toml++ 3.3 does not survive is taken out of its sight: table heads it asserts on, and
// characters beyond ASCII where only keys and punctuation can stand, on which its tables are undefined.
#pragma once

#include <string>

#include "base/problem.h"

namespace slipway::config {

/// Overwrites such lines with blanks, so that places of what follows stay right, and reports each.
Problems blank_what_upsets_the_library(std::string& text, const std::string& file);

}  // namespace slipway::config
