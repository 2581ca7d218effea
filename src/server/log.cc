// SPDX-License-Identifier: MPL-2.0
#include "server/log.h"

#include <cstdlib>

#include <spdlog/sinks/stdout_sinks.h>

namespace slipway::server {

Log make_log(const std::string& level) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto log = std::make_shared<spdlog::logger>("slipwayd", sink);
  bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  log->set_pattern(journal ? "%l: %v" : "%Y-%m-%dT%H:%M:%S.%e %l: %v");
  log->set_level(spdlog::level::from_str(level));
  log->flush_on(spdlog::level::trace);
  return log;
}

}  // namespace slipway::server
