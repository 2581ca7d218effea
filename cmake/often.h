// SPDX-License-Identifier: MPL-2.0
// What nearly every source reads first: precompiled, so that it is read once (SLIPWAY_PRECOMPILED). Sources
// include what they use all the same, and compile without it.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <unordered_map>
#include <variant>
#include <vector>

#include <boost/system/result.hpp>
#include <fmt/format.h>
