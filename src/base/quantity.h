// SPDX-License-Identifier: MPL-2.0
// Sizes, times and rates as a person reads them.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace slipway {

/// "358.4 MB", "17 B": decimal units, as disks and networks are sold.
std::string human_bytes(std::uint64_t bytes);
/// "3.1 s", "12 ms", "4 min 10 s"; a negative one counts as none.
std::string human_duration(Duration duration);

/// Bytes per second; 0 when no time passed.
std::uint64_t rate_of(std::uint64_t bytes, Duration took);

}  // namespace slipway
