// SPDX-License-Identifier: MPL-2.0
// One POST to somebody else's server, through libcurl: https verified, no redirects, bounded in time and
// size. Blocking: for threads that may wait.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/result.h"

namespace slipway::fetch {

struct Post {
  const std::string& url;
  const std::string& authority;  ///< PEM file of who vouches for it; empty: the system's
  std::vector<std::string> headers;
  const std::string& body;
};

/// The status it was answered with; a fault where there was no answer. Ends early once `stop` is set.
Result<int, Fault> send(const Post& post, const std::atomic<bool>& stop);

}  // namespace slipway::fetch
