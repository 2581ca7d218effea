// SPDX-License-Identifier: MPL-2.0
#pragma once

namespace slipway {

inline constexpr const char* version = SLIPWAY_VERSION;

}  // namespace slipway
