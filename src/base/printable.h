// SPDX-License-Identifier: MPL-2.0
// Strangers' text made fit for a terminal, a log line or a golden file: what is not printable ASCII
// becomes \xNN and a backslash becomes \\, so that no packet can move a cursor or forge a line.
#pragma once

#include <string>
#include <string_view>

namespace slipway {

std::string printable(std::string_view text);

/// Only control characters are made \xNN; what an operator wrote stays as it is, UTF-8 included.
std::string without_controls(std::string_view text);

}  // namespace slipway
