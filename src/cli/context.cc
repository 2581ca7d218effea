// SPDX-License-Identifier: MPL-2.0
#include "cli/context.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "config/config.h"

namespace slipway::cli {

Result<std::shared_ptr<const model::Plan>, Fault> Context::plan(std::vector<model::Image> images) const {
  auto loaded = config::load(config, std::move(images));
  if (loaded) return *loaded;
  std::string all;
  for (const Problem& problem : loaded.error().problems)
    all += (all.empty() ? "" : "\n") + problem.to_string();
  return Fault{all, ""};
}

/// The daemon runs on although its file is broken by now, so what can be read of the file is enough.
http::UnixClient Context::daemon() const {
  if (!socket.empty()) return http::UnixClient(socket);
  std::ifstream file(config);
  std::ostringstream text;
  text << file.rdbuf();
  return http::UnixClient(config::read_draft(text.view(), config).draft.server.socket);
}

int fail(const Fault& fault) {
  fmt::print(stderr, "slipway: {}\n", fault.sentence());
  return exit_failed;
}

int print_line(const std::string& line) {
  fmt::print("{}\n", line);
  return exit_ok;
}

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

Colours colours() {
  const char* no_color = std::getenv("NO_COLOR");
  if (!is_terminal(STDOUT_FILENO) || (no_color && *no_color)) return {};
  return {"\033[32m", "\033[31m", "\033[33m", "\033[2m", "\033[1m", "\033[0m"};
}

}  // namespace slipway::cli
