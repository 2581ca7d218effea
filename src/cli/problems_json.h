// SPDX-License-Identifier: MPL-2.0
// What `slipway check --json` says. Pure.
#pragma once

#include <string>

#include "base/problem.h"

namespace slipway::cli {

/// {"file", "ok", "problems": [{"file", "line", "column", "severity", "what", "remedy"}]}; `ok` is false when
/// one of them is an error. Line and column are 0 where the file as a whole is meant.
std::string problems_json(const std::string& file, const Problems& problems);

/// "error", "warning".
std::string_view severity_name(Severity severity);

}  // namespace slipway::cli
