// SPDX-License-Identifier: MPL-2.0
// SHA-1 of a text in memory: what illumos checks its modules with (FIPS 180-4). Any thread. Fails only where
// the machine does: StartupError.
#pragma once

#include <string>
#include <string_view>

namespace slipway {

/// 40 lower-case digits.
std::string sha1_hex(std::string_view text);

}  // namespace slipway
