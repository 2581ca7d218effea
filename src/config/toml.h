// SPDX-License-Identifier: MPL-2.0
// TOML text to a tree. Never throws. A line that is not TOML is reported and passed over, so that one
// slip does not hide the next.
#pragma once

#include <string>
#include <string_view>

#include "config/tree.h"

namespace slipway::config {

struct ParsedToml {
  Table root;
  Problems problems;
  bool structure_lost = false;  ///< a table head was among the bad lines: what follows may be misplaced
};

ParsedToml parse_toml(std::string_view text, const std::string& file);

}  // namespace slipway::config
