// SPDX-License-Identifier: MPL-2.0
// What an operator does about a packet that was not answered: the reason in words, by its name in the
// metrics. Pure.
#pragma once

#include <string>
#include <string_view>

namespace slipway::timeline {

/// "pool_exhausted: detail" as a sentence with what to do. Strangers' text is escaped.
std::string remedy_of(const std::string& drop);
/// Whether a reason of this name has words of its own.
bool has_remedy(std::string_view drop);

}  // namespace slipway::timeline
