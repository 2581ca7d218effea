// SPDX-License-Identifier: MPL-2.0
// "Did you mean": the known word nearest to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace slipway {

/// The candidate with the smallest edit distance, if it is near enough to be a slip of the hand.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace slipway
