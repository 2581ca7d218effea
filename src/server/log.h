// SPDX-License-Identifier: MPL-2.0
// The daemon's log: one logger object, made in `main` and handed down. Lines go to standard error; under
// systemd that is the journal, which adds the time itself. No secrets, no payload.
#pragma once

#include <memory>
#include <string>

#include <spdlog/logger.h>

#include "base/metrics.h"

namespace slipway::server {

using Log = std::shared_ptr<spdlog::logger>;

/// `level`: "error", "warn", "info" or "debug".
/// `metrics`: where lines that were too many are counted; outlives the log.
Log make_log(const std::string& level, Metrics& metrics);

}  // namespace slipway::server
