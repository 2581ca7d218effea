// SPDX-License-Identifier: MPL-2.0
#include "config/tree.h"

#include <array>

namespace slipway::config {

std::string_view Value::kind() const {
  constexpr std::array<std::string_view, 6> kinds{"a string",      "an integer", "a number with a fraction",
                                                  "true or false", "a list",     "a table"};
  return kinds[data.index()];
}

}  // namespace slipway::config
