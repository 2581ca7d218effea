// SPDX-License-Identifier: MPL-2.0
// Signals as something to be read: for the reactor, and for a program that waits by itself. Named before
// other threads start, and not deaf to them before it goes. Failures throw StartupError.
#pragma once

#include <memory>
#include <optional>

namespace slipway::net {

class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  void add(int number);
  /// The next that arrived and was not told.
  std::optional<int> next();
  /// Readable while one waits.
  int fd() const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace slipway::net
