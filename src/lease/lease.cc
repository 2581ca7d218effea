// SPDX-License-Identifier: MPL-2.0
#include "lease/lease.h"

#include <array>

namespace slipway::lease {
namespace {

constexpr std::array<std::string_view, 3> state_names{"active", "released", "declined"};

}  // namespace

std::string_view to_string(State state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::optional<State> state_from(std::string_view text) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    if (state_names[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace slipway::lease
