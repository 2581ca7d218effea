// SPDX-License-Identifier: MPL-2.0
// Domain names as options 119 and 137 hold them (RFC 3397, RFC 1035 §3.1): length-prefixed labels, with
// compression pointers on the way in and none on the way out. Any thread; malformed ones yield nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace slipway::wire {

/// Every name without its final dot. Labels hold letters, digits, '-' and '_' or the whole is refused.
std::optional<std::vector<std::string>> parse_domain_names(ByteView bytes);

/// A final dot is allowed. Empty labels, labels over 63 or names over 255 bytes yield nothing.
std::optional<Bytes> encode_domain_names(const std::vector<std::string>& names);

}  // namespace slipway::wire
