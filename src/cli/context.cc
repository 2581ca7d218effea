// SPDX-License-Identifier: MPL-2.0
#include "cli/context.h"

#include <fmt/format.h>
#include <unistd.h>

#include "api/json.h"
#include "config/config.h"

namespace slipway::cli {

model::ServerSettings Context::settings() const {
  auto loaded = config::load(config, {});
  return loaded ? (*loaded)->server() : model::ServerSettings{};
}

http::UnixClient Context::daemon() const { return http::UnixClient(socket.empty() ? settings().socket : socket); }

int fail(const Fault& fault) {
  fmt::print(stderr, "slipway: {}\n", fault.sentence());
  return exit_failed;
}

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

}  // namespace slipway::cli
