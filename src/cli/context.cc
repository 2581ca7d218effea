// SPDX-License-Identifier: MPL-2.0
#include "cli/context.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "config/boot_files.h"
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
Result<http::DaemonClient, Fault> Context::daemon() const {
  if (!server.empty()) {
    auto there = remote();
    if (!there) return there.error();
    return http::DaemonClient(*there);
  }
  if (!socket.empty()) return http::DaemonClient(socket);
  std::ifstream file(config);
  std::ostringstream text;
  text << file.rdbuf();
  return http::DaemonClient(
      config::beside(config, config::read_draft(text.view(), config).draft.server.socket));
}

Result<http::RemoteServer, Fault> Context::remote() const {
  auto there = http::RemoteServer::parse(server);
  if (!there) return Fault{fmt::format("'{}' is no server", server), "name it as https://HOST:PORT"};
  there->authority = authority;
  there->token = token;
  if (token.empty() && !token_file.empty()) {
    std::ifstream file(token_file);
    if (!std::getline(file, there->token))
      return Fault{fmt::format("no token can be read from {}", token_file),
                   "it wants the token on its first line"};
  }
  return *there;
}

std::optional<Fault> Context::only_here(const std::string& command) const {
  if (server.empty()) return std::nullopt;
  auto there = http::RemoteServer::parse(server);
  return Fault{
      fmt::format("slipway {} works on the server itself, on its files, and not by way of {}", command,
                  server),
      fmt::format("say it there, for instance `ssh {1} slipway {0}`; for the files of this machine, unset "
                  "SLIPWAY_SERVER and leave --server out",
                  command, there ? there->host : "HOST")};
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
