// SPDX-License-Identifier: MPL-2.0
// Bytes as hexadecimal text and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace slipway {

/// Lower case, `separator` between bytes when given: "0c:c4:7a".
std::string to_hex(ByteView bytes, std::string_view separator = {});

/// Accepts both cases; an odd length or any other character yields nothing.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace slipway
