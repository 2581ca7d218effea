// SPDX-License-Identifier: MPL-2.0
// What every verb is given: where the configuration and the daemon are, and how to print. Verbs write to
// standard output, what is wrong to standard error, and return the exit code: 0, 1 failed, 2 usage.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "http/client.h"
#include "model/plan.h"

namespace slipway::cli {

inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2;

struct Context {
  std::string config;  ///< path of the configuration file
  std::string socket;  ///< empty: what the configuration says
  bool json = false;

  /// The settings of the file, or the defaults where there is no file: enough to find state and socket.
  model::ServerSettings settings() const;
  http::UnixClient daemon() const;
};

/// One sentence to standard error; the exit code of a failure.
int fail(const Fault& fault);

/// A 2xx answer's body; anything else is a Fault with the sentence of the answer.
Result<std::string, Fault> body_of(const Result<http::Reply, Fault>& reply);

bool is_terminal(int fd);

}  // namespace slipway::cli
