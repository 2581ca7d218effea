// SPDX-License-Identifier: MPL-2.0
// What a token's holder shows, and what we keep of it. A secret is 256 random bits: nobody guesses it, so one
// round of SHA-256 is all it takes to keep it unreadable, and no salt. Fails only where OpenSSL does:
// StartupError. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace slipway::api {

/// "slipway_" and 64 hexadecimal digits of the system's randomness.
std::string new_secret();
/// SHA-256, 64 lower-case digits.
std::string hash_of(std::string_view text);
/// In a time that tells nothing of where they differ.
bool same_hash(std::string_view a, std::string_view b);

}  // namespace slipway::api
