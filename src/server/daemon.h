// SPDX-License-Identifier: MPL-2.0
// The whole daemon, put together: which parts there are, in which order they start, who tells whom. It
// decides nothing itself. Throws StartupError while starting; runs until SIGTERM or SIGINT.
#pragma once

#include <memory>
#include <string>

#include "server/log.h"

namespace slipway::server {

class Daemon {
 public:
  /// Reads the configuration, opens stores, binds ports, drops privileges.
  explicit Daemon(const std::string& config_path);
  ~Daemon();

  void run();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace slipway::server
