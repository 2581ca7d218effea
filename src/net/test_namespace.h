// SPDX-License-Identifier: MPL-2.0
// For tests: a network namespace of its own, which ends with the test. Only the thread that runs `body`
// is in it, and the programs that it starts.
#pragma once

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>

namespace slipway::net {

/// False when we may not make one (not root); the caller skips then.
inline bool in_new_namespace(const std::function<void()>& body) {
  bool made = false;
  std::thread([&] {
    made = ::unshare(CLONE_NEWNET) == 0;
    if (made) body();
  }).join();
  return made;
}

/// Runs `ip` with these words.
inline void ip(const std::string& words) {
  ASSERT_EQ(std::system(("ip " + words).c_str()), 0) << "ip " << words;
}

}  // namespace slipway::net
