// SPDX-License-Identifier: MPL-2.0
// What every verb is given: where the configuration and the daemon are, and how to print. Verbs write to
// standard output, what is wrong to standard error, and return the exit code: 0, 1 failed, 2 usage, 3 the
// machine that was asked about is in trouble.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/client.h"
#include "model/plan.h"

namespace slipway::cli {

inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_trouble = 3;

struct Context {
  std::string config;  ///< path of the configuration file
  std::string socket;  ///< empty: what the configuration says
  std::string server;  ///< "https://host:port"; empty: the one on this machine
  std::string token, token_file, authority;
  bool json = false;

  /// The configuration with these images in it. A file that cannot be used is a Fault with all its errors.
  Result<std::shared_ptr<const model::Plan>, Fault> plan(std::vector<model::Image> images = {}) const;
  /// By --server, by --socket, by the configuration, or where it usually is.
  Result<http::DaemonClient, Fault> daemon() const;
  /// Nothing, unless another machine's daemon is meant, whose files this command could not see.
  std::optional<Fault> only_here(const std::string& command) const;

 private:
  Result<http::RemoteServer, Fault> remote() const;
};

/// One sentence to standard error; the exit code of a failure.
int fail(const Fault& fault);

/// One line to standard output; success.
int print_line(const std::string& line);

bool is_terminal(int fd);

/// Colours for people: empty strings where standard output is no terminal or NO_COLOR is set.
struct Colours {
  std::string good, bad, busy, dim, strong, off;
};
Colours colours();

}  // namespace slipway::cli
